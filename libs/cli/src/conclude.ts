/** How a run ends, in its history: completed, failed or interrupted. Whoever executes a plan of any kind does it by this. */
import type { History } from '@faultline/history';

interface Concluding {
  readonly history: Pick<History, 'append'>;
  readonly signal: AbortSignal;
}

/** @returns whether it was interrupted; any other failure stands in the history, and the verdict says so. */
export async function conclude({ history, signal }: Concluding, act: () => Promise<void>): Promise<boolean> {
  try {
    await act();
    history.append({ type: 'run.end', outcome: 'completed' });
    return false;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    history.append({ type: 'run.end', outcome: signal.aborted ? 'interrupted' : 'failed', error: reason });
    console.error(`faultline: ${reason}`);
    return signal.aborted;
  }
}
