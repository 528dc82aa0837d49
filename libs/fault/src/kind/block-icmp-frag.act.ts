/** Drops ICMP "fragmentation needed" on the wire of the node. */
import { fragNeededScript } from '../packets.ts';
import type { Act } from './act.ts';
import { packetAct } from './packet.act.ts';

export const blockIcmpFragAct: Act = packetAct({ script: ({ plan }) => fragNeededScript(plan.id) });
