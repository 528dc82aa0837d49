/** Drops the packets of some ports, on the wire of the node. */
import { blockScript } from '../nft.ts';
import type { Act } from './act.ts';
import { peersAt } from './company.ts';
import { packetAct } from './packet.act.ts';

export const blockAct: Act = packetAct({
  script: (scene) =>
    blockScript(scene.plan.id, scene.plan.parameters, { device: scene.node.interface, peers: peersAt(scene) }),
});
