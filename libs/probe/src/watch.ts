/** Watches the control plane. Not written yet: says so in the history. */
import type { History } from '@faultline/history';

export async function watchCluster(_kubeconfigPath: string, options: { history: History; signal: AbortSignal }): Promise<AsyncDisposable> {
  options.history.append({ type: 'note', level: 'warning', text: 'the control plane is not watched: not written yet' });
  return { [Symbol.asyncDispose]: async () => {} };
}
