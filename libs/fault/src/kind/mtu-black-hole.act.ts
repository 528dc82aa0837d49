/** Drops long packets on the LAN interface. */
import { blackHoleScript } from '../packets.ts';
import type { Act } from './act.ts';
import { packetAct } from './packet.act.ts';

export const blackHoleAct: Act = packetAct({
  script: ({ plan, node }) => blackHoleScript(plan.id, plan.parameters, { device: node.interface, peers: undefined }),
});
