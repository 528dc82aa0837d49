/**
 * Whether the container of a prober still lives.
 *
 * A prober speaks at least once a second. Docker 20.10 leaves the connection to it open when its container dies with the
 * PID namespace that it shares (a side-car whose node is killed; seen), so silence is looked into.
 */
import { elapse, type Commander } from '@faultline/control';

const LOOK_EVERY_MS = 1000;
const SILENT_MS = 3000;
/** A prober that has said nothing for this long is gone, even if the engine does not answer the question. */
const GONE_MS = 10_000;

/**
 * Returns when nothing can be executed in the container any more; at the latest when the signal says so.
 * @param silence how long nothing was heard, milliseconds.
 */
export async function untilDead(commander: Commander, silence: () => number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await elapse(LOOK_EVERY_MS, signal).catch(() => {});
    if (signal.aborted || silence() < SILENT_MS) continue;
    const alive = await commander.exec(['true'], { timeoutMs: SILENT_MS, signal }).then(() => true, answerOf);
    if (!alive || (alive === 'no answer' && silence() > GONE_MS)) return;
  }
}

/** The engine executes nothing in a paused container, which will go on one day. One that only takes long is no corpse yet. */
function answerOf(error: unknown): boolean | 'no answer' {
  const message = error instanceof Error ? error.message : '';
  // Not just "paused": the client's own words for every conflict are "container stopped/paused".
  return /was stopped after/.test(message) ? 'no answer' : /is paused/.test(message);
}
