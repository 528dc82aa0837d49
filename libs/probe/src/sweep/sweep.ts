/** Carries out sweeps: every asker at once, each in its own process, and one event of all that was told. */
import { onAll, type Commander, type Running } from '@faultline/control';
import { REACH_PATHS, type EventOf, type History, type ReachCell } from '@faultline/history';
import { FOLDER, linesOf, programFiles, within } from '../program.ts';
import type { Asker } from './plan.ts';
import type { Ask, Order, Told } from './spec.ts';

/**
 * Three questions, side by side rather than one after the other: for the time that three short ones would take each may wait
 * long, and a busy host, on which a pod is scheduled after a second, is no network that is cut.
 */
const ORDER: Patience = { times: 3, everyMs: 250, withinMs: 4000 };

/** How often each question is asked, and how long it waits for its answer. */
export type Patience = Omit<Order, 'asks'>;

/** Some 5 s where all is silent, and what the container takes to start it. One that is dead may not answer at all. */
const TOLD_WITHIN_MS = 9000;

export interface SweepOptions {
  readonly when: EventOf<'sweep'>['when'];
  readonly history: History;
}

/** The side-car of a node. */
export type SideOf = (node: string) => Commander;

/** A program that waits for its next order. */
interface Seat {
  readonly running: Running;
  readonly nextLine: (signal: AbortSignal) => Promise<string>;
  /** Aborted: it is to end, or has ended. */
  readonly over: AbortController;
}

/**
 * Those who ask, each a program that waits for orders. They are started before anything is measured: six processes that
 * load at once take the processors from the probes for a second (seen), and that would look like the network.
 */
export class Askers implements AsyncDisposable {
  readonly #sideOf: SideOf;
  readonly #signal: AbortSignal;
  readonly #patience: Patience;
  readonly #seats = new Map<string, Seat>();
  #askers: readonly Asker[] = [];

  /** @param signal Ends the programs. @param patience That of a sweep unless told. */
  constructor(sideOf: SideOf, signal: AbortSignal, patience: Patience = ORDER) {
    this.#sideOf = sideOf;
    this.#signal = signal;
    this.#patience = patience;
  }

  /** These ask from now on. Those of them that were started already go on; a node that is dead is asked again by `ask`. */
  async seat(askers: readonly Asker[]): Promise<void> {
    this.#askers = askers;
    const keys = new Set(askers.map(keyOf));
    const gone = [...this.#seats.keys()].filter((key) => !keys.has(key));
    await Promise.all(gone.map((key) => this.#leave(key)));
    const missing = askers.filter((asker) => this.#seats.get(keyOf(asker))?.over.signal.aborted !== false);
    const files = await programFiles();
    const nodes = [...new Set(missing.map(({ node }) => node))].map((name) => ({ name }));
    await onAll(nodes, ({ name }) => this.#sideOf(name).copyIn(files, { signal: this.#signal }));
    // One node after the other: nobody is in a hurry, and other things may be measured.
    for (const asker of missing) await this.#seatOf(asker, this.#signal).catch(() => {});
    this.#signal.throwIfAborted();
  }

  /**
   * Asks everything, and appends it as one `sweep` event. Where nobody can ask, because the node is dead, the cells say so,
   * with `asked` 0.
   * @throws the signal's reason on abort.
   */
  async sweep({ when, history }: SweepOptions): Promise<readonly ReachCell[]> {
    const cells = await this.ask();
    history.append({ type: 'sweep', when, cells });
    return cells;
  }

  /** The same without an event, and only what is wanted. @param signal Ends the asking, not the programs. */
  async ask(
    isWanted: (ask: Ask) => boolean = () => true,
    signal: AbortSignal = this.#signal,
  ): Promise<readonly ReachCell[]> {
    const wanted = this.#askers.map((asker) => ({ ...asker, asks: asker.asks.filter(isWanted) }));
    const all = await Promise.all(wanted.map((asker) => this.#cellsOf(asker, signal)));
    signal.throwIfAborted();
    return all.flat().toSorted((a, b) => REACH_PATHS.indexOf(a.path) - REACH_PATHS.indexOf(b.path));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#seats.keys()].map((key) => this.#leave(key)));
  }

  async #cellsOf(asker: Asker, signal: AbortSignal): Promise<readonly ReachCell[]> {
    const { asks } = asker;
    if (asks.length === 0) return [];
    const told = await this.#told(asker, signal).catch((error: unknown) => asks.map(() => nobody(error)));
    return asks.map(({ path, from, to }, index) => ({ path, from, to, ...(told[index] ?? nobody('it was not told')) }));
  }

  async #told(asker: Asker, signal: AbortSignal): Promise<readonly Told[]> {
    const seat = await this.#seatOf(asker, signal);
    const late = this.#late(signal);
    const order: Order = { asks: asker.asks, ...this.#patience };
    seat.running.stdin.write(`${JSON.stringify(order)}\n`);
    try {
      return JSON.parse(await seat.nextLine(late)) as readonly Told[];
    } catch (error) {
      // What it says later would be taken for the answer to the next order.
      seat.over.abort();
      throw error;
    }
  }

  #late(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([this.#signal, signal, AbortSignal.timeout(TOLD_WITHIN_MS)]);
  }

  /** The program of this asker; one that ended, as its node was started again, is started again. */
  async #seatOf(asker: Asker, signal: AbortSignal): Promise<Seat> {
    const seated = this.#seats.get(keyOf(asker));
    if (seated && !seated.over.signal.aborted) return seated;
    const late = this.#late(signal);
    return await within(this.#start(asker, late), late);
  }

  async #start(asker: Asker, signal: AbortSignal): Promise<Seat> {
    const { netns } = asker.vantage;
    const program = ['node', `${FOLDER}/sweep.ts`];
    const argv = netns === undefined ? program : ['nsenter', `--net=${netns}`, '--', ...program];
    const over = new AbortController();
    const until = AbortSignal.any([this.#signal, over.signal]);
    const running = await this.#sideOf(asker.node).start(argv, { signal: until });
    running.stdin.on('error', () => {});
    void running.exited.then(() => over.abort());
    const seat: Seat = { running, nextLine: linesOf(running), over };
    this.#seats.set(keyOf(asker), seat);
    // Its first line says that it waits.
    await seat.nextLine(signal).catch((error: unknown) => {
      over.abort();
      throw error;
    });
    return seat;
  }

  async #leave(key: string): Promise<void> {
    const seat = this.#seats.get(key);
    this.#seats.delete(key);
    seat?.over.abort();
    await seat?.running.exited;
  }
}

const keyOf = ({ node, vantage: { netns = '' } }: Asker): string => `${node} ${netns}`;

function nobody(error: unknown): Told {
  const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  return { asked: 0, lost: 0, sourceKept: null, detail: `nobody could ask: ${reason}` };
}
