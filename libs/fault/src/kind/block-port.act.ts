/** Drops the packets of one port, on the wire of the node. */
import { blockScript } from '../nft.ts';
import type { Act } from './act.ts';
import { packetAct } from './packet.act.ts';

export const blockAct: Act = packetAct({ script: ({ plan }) => blockScript(plan.id, plan.parameters) });
