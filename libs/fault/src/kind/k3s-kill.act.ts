/** Kills k3s, and nothing else of the node. Its keeper starts it again after 5 s. */
import type { Act } from './act.ts';
import { k3sAct } from './k3s.act.ts';

export const k3sKillAct: Act = k3sAct((k3s) => ['kill', '-KILL', String(k3s)]);
