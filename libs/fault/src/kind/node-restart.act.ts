/** Stops the node in order, and starts it again once it is down, whatever is asked of it meanwhile. */
import { orderlyAct } from './orderly.act.ts';
import type { Act } from './act.ts';

export const restartAct: Act = orderlyAct({ comesBack: true });
