/** The kinds of faults. To add one: its two files in this folder, a line here, and a line in all.act.ts. */
import { blockPort } from './block-port.ts';
import type { FaultKind } from './kind.ts';
import { nodeKill } from './node-kill.ts';
import { nodePause } from './node-pause.ts';
import { unplug } from './unplug.ts';

export const FAULT_KINDS: readonly FaultKind[] = [nodeKill, nodePause, blockPort, unplug];
