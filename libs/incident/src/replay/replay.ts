/** Replays a bundle: boots the nearest cluster, puts what was captured on it, and does to it what was done. */
import { boot } from '@faultline/cluster';
import { phase, run, type RunOptions } from '@faultline/scenario';
import type { RunPlan } from '@faultline/scenario/plan';
import type { Bundle } from '../bundle/bundle.ts';
import { furnish, type FurnishOptions } from './furnish.ts';

/**
 * What came of it is not decided here: the history is judged afterwards.
 * @throws whatever stopped it, after healing and tearing down; the history has it as well.
 */
export async function replay(bundle: Bundle, plan: RunPlan, options: RunOptions): Promise<void> {
  const { history, signal } = options;
  const isFurnished = bundle.objects.length > 0 || bundle.about.seen.length > 0;
  const how = { bundle, app: plan.workload.app, history, signal };
  if (plan.faults.length === 0) return onPlainCluster(plan, options, how);
  await run(plan, { ...options, ...(isFurnished && { furnish: (cluster) => furnish(cluster, how) }) });
}

/** Nothing is done to it, so nothing is measured: no witness stands beside what was captured. */
async function onPlainCluster(plan: RunPlan, options: RunOptions, how: FurnishOptions): Promise<void> {
  const { history } = options;
  const everything = new AsyncDisposableStack();
  await using _teardown = { [Symbol.asyncDispose]: () => phase(history, 'teardown', () => everything.disposeAsync()) };
  const cluster = everything.use(await phase(history, 'boot', () => boot(plan.cluster, options)));
  try {
    await phase(history, 'deploy', () => furnish(cluster, how));
    await phase(history, 'collect', async () => undefined);
  } finally {
    if (await options.keep()) cluster.keep();
  }
}
