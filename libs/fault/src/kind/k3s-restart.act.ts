/** Has the keeper of k3s restart it: SIGTERM, and once it has ended another one, at once. */
import type { Act } from './act.ts';
import { k3sAct } from './k3s.act.ts';

export const k3sRestartAct: Act = k3sAct(() => ['kill', '-HUP', '1']);
