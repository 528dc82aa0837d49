/** Carries out a sweep: every asker at once, each in its own process, and one event of all that was told. */
import { onAll, type Commander } from '@faultline/control';
import { REACH_PATHS, type EventOf, type History, type ReachCell } from '@faultline/history';
import { FOLDER, programFiles } from '../program.ts';
import type { Asker } from './plan.ts';
import type { Order, Told } from './spec.ts';

/**
 * Three questions, side by side rather than one after the other: for the time that three short ones would take each may wait
 * long, and a busy host, on which a pod is scheduled after a second, is no network that is cut.
 */
const ORDER = { times: 3, everyMs: 250, withinMs: 4000 } as const;

/** Some 5 s where all is silent, and what the container takes to start it. One that is dead may not answer at all. */
const TOLD_WITHIN_MS = 9000;

export interface SweepOptions {
  readonly when: EventOf<'sweep'>['when'];
  readonly history: History;
  readonly signal: AbortSignal;
}

/** Brings the program to where it is going to run, so that nothing has to be copied while a fault is in force. */
export async function equip(askers: readonly Asker[], sideOf: SideOf, signal: AbortSignal): Promise<void> {
  const files = await programFiles();
  const nodes = [...new Set(askers.map(({ node }) => node))].map((name) => ({ name }));
  await onAll(nodes, ({ name }) => sideOf(name).copyIn(files, { signal }));
}

/** The side-car of a node. */
export type SideOf = (node: string) => Commander;

/**
 * Asks everything, and appends it as one `sweep` event. Where nobody can ask, because the node is dead, the cells say so,
 * with `asked` 0.
 * @throws the signal's reason on abort.
 */
export async function sweep(
  askers: readonly Asker[],
  sideOf: SideOf,
  { when, history, signal }: SweepOptions,
): Promise<readonly ReachCell[]> {
  const cells = await askAll(askers, sideOf, signal);
  history.append({ type: 'sweep', when, cells });
  return cells;
}

/** The same without an event. */
export async function askAll(
  askers: readonly Asker[],
  sideOf: SideOf,
  signal: AbortSignal,
): Promise<readonly ReachCell[]> {
  const all = await Promise.all(askers.map((asker) => cellsOf(asker, sideOf(asker.node), signal)));
  signal.throwIfAborted();
  return all.flat().toSorted((a, b) => REACH_PATHS.indexOf(a.path) - REACH_PATHS.indexOf(b.path));
}

async function cellsOf(
  { asks, vantage: { netns } }: Asker,
  side: Commander,
  signal: AbortSignal,
): Promise<readonly ReachCell[]> {
  const program = ['node', `${FOLDER}/sweep.ts`];
  const argv = netns === undefined ? program : ['nsenter', `--net=${netns}`, '--', ...program];
  const order: Order = { asks, ...ORDER };
  const told = await side.exec(argv, { signal, timeoutMs: TOLD_WITHIN_MS, input: JSON.stringify(order) }).then(
    ({ stdout }) => JSON.parse(stdout) as readonly Told[],
    (error: unknown) => asks.map(() => nobody(error)),
  );
  return asks.map(({ path, from, to }, index) => ({ path, from, to, ...(told[index] ?? nobody('it was not told')) }));
}

function nobody(error: unknown): Told {
  const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  return { asked: 0, lost: 0, sourceKept: null, detail: `nobody could ask: ${reason}` };
}
