/** The steady state: every probe has been good for a while, and still is. The gate before a fault and after healing. */
import { DeadlineError, done, notYet, waitFor } from '@faultline/control';
import { SECOND, type History, type Nanoseconds, type Stamped } from '@faultline/history';

/** For how long every probe must have been good. */
export const STEADY_FOR: Nanoseconds = 3 * SECOND;
/** For how long, beyond the steady state, it must last to be a recovery. */
const RECOVERED_FOR: Nanoseconds = 7 * SECOND;
/** A probe that has said nothing for this long is not steady, it is silent. */
const SILENT_AFTER: Nanoseconds = 2 * SECOND;

interface Record {
  goodSince: Nanoseconds | undefined;
  lastSample: Nanoseconds;
  lastResult: string;
}

/** Reads the history as it is written, and knows at any time which probes are not steady, and why. */
export class SteadyGate implements Disposable {
  readonly #probes = new Map<string, Record>();
  readonly #history: History;
  readonly #subscription: Disposable;

  constructor(history: History) {
    this.#history = history;
    this.#subscription = history.subscribe((event) => this.#read(event));
  }

  /** @param spared probes that need not be good, e.g. those of an address that died with its node. */
  unsteady(spared: (probe: string) => boolean = () => false): readonly string[] {
    const now = this.#history.clock.now();
    return [...this.#probes].flatMap(([probe, { goodSince, lastSample, lastResult }]) => {
      if (spared(probe)) return [];
      if (now - lastSample > SILENT_AFTER) return [`${probe} silent`];
      if (goodSince === undefined) return [`${probe} ${lastResult}`];
      return now - goodSince < STEADY_FOR ? [`${probe} good for ${((now - goodSince) / SECOND).toFixed(1)} s`] : [];
    });
  }

  /**
   * Waits for the steady state and writes what came of it. A state that never came is no error: it gates.
   * @returns whether it came.
   */
  async wait(
    when: 'before' | 'after',
    options: { signal: AbortSignal; withinMs: number; spared?: (probe: string) => boolean },
  ): Promise<boolean> {
    const outcome = await waitFor(
      'the steady state',
      async () => {
        const unsteady = this.unsteady(options.spared);
        const seen = this.#probes.size === 0 ? 'no sample yet' : unsteady.join(', ');
        return this.#probes.size > 0 && unsteady.length === 0 ? done(undefined) : notYet(seen);
      },
      { ...options, everyMs: 100 },
    ).then(
      () => ({ ok: true, detail: `every probe good for ${STEADY_FOR / SECOND} s` }),
      (error: unknown) => {
        options.signal.throwIfAborted();
        return { ok: false, detail: error instanceof Error ? error.message : String(error) };
      },
    );
    this.#history.append({ type: 'steady', when, ...outcome });
    return outcome.ok;
  }

  /**
   * Waits until what was struck has been good again for a while; gives up, without an error, when the time is over. What was
   * never unsteady has nothing to recover from: then it is the whole time.
   */
  async recovered({ signal, withinMs }: { signal: AbortSignal; withinMs: number }): Promise<void> {
    let struck = false;
    let goodSince: Nanoseconds | undefined;
    await waitFor(
      'the recovery',
      async () => {
        const unsteady = this.unsteady();
        struck ||= unsteady.length > 0;
        goodSince = unsteady.length > 0 ? undefined : (goodSince ?? this.#history.clock.now());
        const isOver = struck && goodSince !== undefined && this.#history.clock.now() - goodSince >= RECOVERED_FOR;
        return isOver ? done(undefined) : notYet(unsteady.join(', '));
      },
      { signal, withinMs, everyMs: 200 },
    ).catch((error: unknown) => {
      signal.throwIfAborted();
      if (!(error instanceof DeadlineError)) throw error;
    });
  }

  #read(event: Stamped): void {
    if (event.type === 'probe.begin' && event.probe.layer !== 'arp' && event.probe.rateHz > 0) {
      this.#probes.set(event.probe.name, {
        goodSince: undefined,
        lastSample: event.at,
        lastResult: 'has no sample yet',
      });
    }
    if (event.type === 'probe.end') this.#probes.delete(event.probe);
    if (event.type !== 'samples') return;
    const record = this.#probes.get(event.probe);
    if (!record) return;
    for (const [, intended, , , result] of event.rows) {
      record.lastSample = event.at;
      record.lastResult = result;
      record.goodSince = result === 'ok' ? Math.min(record.goodSince ?? intended, intended) : undefined;
    }
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
  }
}
