/** Rejects what the node sends or forwards to port 53. */
import { dnsRefusedScript } from '../packets.ts';
import type { Act } from './act.ts';
import { packetAct } from './packet.act.ts';

export const dnsRefusedAct: Act = packetAct({ script: ({ plan }) => dnsRefusedScript(plan.id) });
