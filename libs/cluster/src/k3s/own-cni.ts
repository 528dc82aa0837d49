/**
 * A CNI of the user's own. Its manifest is applied by the server's kubectl, which takes it as it was written: Faultline need
 * not understand it.
 */
import { containerCommander, done, notYet, waitFor, type Engine } from '@faultline/control';
import type { History } from '@faultline/history';
import type { ClusterPlan } from '../spec.ts';

/** An API that has just come up may refuse for a while, and objects of a kind that the same manifest defines are refused at first. */
const WITHIN_MS = 120_000;

const APPLY = ['kubectl', 'apply', '--server-side', '--force-conflicts', '--filename=-'];

interface Options {
  readonly engine: Engine;
  readonly history: Pick<History, 'append'>;
  readonly signal: AbortSignal;
}

/** Returns when the API has taken it; at once where the network is Flannel's. @throws DeadlineError with what was last refused. */
export async function installCni(
  server: { readonly name: string; readonly container: string },
  { spec: { cni } }: ClusterPlan,
  { engine, history, signal }: Options,
): Promise<void> {
  if (!cni) return;
  const node = containerCommander(engine, server.container, server.name);
  await waitFor(
    `the API takes ${cni.name}`,
    async (until) => {
      const { exitCode, stderr } = await node.exec(APPLY, { input: cni.manifest, signal: until, accept: 'any' });
      return exitCode === 0 ? done(undefined) : notYet(stderr.trim());
    },
    { signal, withinMs: WITHIN_MS, everyMs: 500 },
  );
  history.append({ type: 'stage', name: 'cni-applied', detail: cni.name });
}
