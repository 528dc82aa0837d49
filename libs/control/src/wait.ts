/**
 * Waiting, always with a deadline, always saying what was last seen.
 *
 * What can be watched is watched (Kubernetes, the engine's events); `waitFor` is for what can only be asked.
 */
import { setTimeout as pause } from 'node:timers/promises';

export type Answer<T> = { readonly done: true; readonly value: T } | { readonly done: false; readonly saw: string };

export const done = <T>(value: T): Answer<T> => ({ done: true, value });
export const notYet = (saw: string): Answer<never> => ({ done: false, saw });

export interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
  /** The deadline, in milliseconds from now. */
  readonly withinMs: number;
  /** Between two questions, in milliseconds; 50 unless told. */
  readonly everyMs?: number;
}

export class DeadlineError extends Error {
  readonly lastSeen: string;
  constructor(what: string, withinMs: number, asked: number, lastSeen: string, cause?: unknown) {
    super(`${what}: not within ${withinMs / 1000} s (asked ${asked} times). Last seen: ${lastSeen}`, { cause });
    this.name = 'DeadlineError';
    this.lastSeen = lastSeen;
  }
}

/**
 * Asks until the answer is `done`. A question that throws counts as "not yet", and its error is what was last seen.
 * @throws DeadlineError after `withinMs`; the signal's reason on abort.
 */
export async function waitFor<T>(
  what: string,
  ask: (signal: AbortSignal) => Promise<Answer<T>>,
  options: WaitOptions,
): Promise<T> {
  const { signal, withinMs, everyMs = 50 } = options;
  const timeout = AbortSignal.timeout(Math.ceil(withinMs));
  const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
  let saw = 'nothing';
  let cause: unknown;
  for (let asked = 0; ; asked++) {
    signal?.throwIfAborted();
    if (timeout.aborted) throw new DeadlineError(what, withinMs, asked, saw, cause);
    try {
      const answer = await ask(either);
      if (answer.done) return answer.value;
      ({ saw } = answer);
      cause = undefined;
    } catch (error) {
      if (!either.aborted) {
        saw = error instanceof Error ? (error.message.split('\n')[0] ?? error.name) : String(error);
        cause = error;
      }
    }
    // An aborted pause is no news: the top of the loop says which signal it was.
    await pause(everyMs, undefined, { signal: either }).catch(() => {});
  }
}

/** Waits a given time: for schedules ("30 s after the steady state"), never for a state. */
export async function elapse(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal });
}
