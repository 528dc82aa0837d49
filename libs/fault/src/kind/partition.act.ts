/** Drops every frame between the node and its peers. */
import { partitionScript } from '../packets.ts';
import type { Act } from './act.ts';
import { peersAt } from './company.ts';
import { packetAct } from './packet.act.ts';

export const partitionAct: Act = packetAct({
  script(scene) {
    const peers = peersAt(scene);
    if (!peers) throw new Error('a partition is between machines. Allowed for peers: names, or others. Next: unplug');
    return partitionScript(scene.plan.id, scene.plan.parameters, { device: scene.node.interface, peers });
  },
});
