/** Drops what connection tracking sees for the first time. */
import { conntrackFullScript } from '../packets.ts';
import type { Act } from './act.ts';
import { packetAct } from './packet.act.ts';

export const conntrackFullAct: Act = packetAct({
  script: ({ plan }) => conntrackFullScript(plan.id, plan.parameters),
});
