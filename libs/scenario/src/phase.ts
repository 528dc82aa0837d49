/** A phase of a run, as the history has it. */
import type { History, Phase } from '@faultline/history';

export async function phase<T>(history: History, name: Phase, act: () => PromiseLike<T>): Promise<T> {
  history.append({ type: 'phase', phase: name, edge: 'begin' });
  try {
    const result = await act();
    history.append({ type: 'phase', phase: name, edge: 'end' });
    return result;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    history.append({ type: 'phase', phase: name, edge: 'end', error: reason });
    throw error;
  }
}
