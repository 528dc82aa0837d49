/** How each kind is done. To add one: a line here, and one in all.ts. */
import type { Act } from './act.ts';
import { blockAct } from './block-port.act.ts';
import { killAct } from './node-kill.act.ts';
import { pauseAct } from './node-pause.act.ts';
import { unplugAct } from './unplug.act.ts';

export const ACTS: Readonly<Record<string, Act>> = {
  'node-kill': killAct,
  'node-pause': pauseAct,
  'block-port': blockAct,
  unplug: unplugAct,
};
