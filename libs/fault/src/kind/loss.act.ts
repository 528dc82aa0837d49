/** Loses frames by nft's dice, also where the kernel has netem: its table ends with us, in both directions, on every kernel alike. */
import { lossScript } from '../packets.ts';
import type { Act } from './act.ts';
import { peersAt } from './company.ts';
import { packetAct } from './packet.act.ts';

export const lossAct: Act = packetAct({
  script: (scene) =>
    lossScript(scene.plan.id, scene.plan.parameters, { device: scene.node.interface, peers: peersAt(scene) }),
});
