/** Stops the node in order by SIGTERM to its first process. Healing starts it again. */
import { orderlyAct } from './orderly.act.ts';
import type { Act } from './act.ts';

export const stopAct: Act = orderlyAct({ comesBack: false });
