/**
 * Executes a plan: boot, deploy, steady state, measure, settle, collect, tear down. Every phase is written to the
 * history, and gates the next. What was found is not decided here: the history is judged afterwards.
 *
 * Several plans for one cluster: it is booted once, and each plan has a history of its own, so that each is a run that can
 * be judged, reported and repeated like any other.
 */
import { isDeepStrictEqual } from 'node:util';
import { boot, checkGolden, type Cluster } from '@faultline/cluster';
import type { EventOf, History, Stamped } from '@faultline/history';
import { deploy, type Workload } from '@faultline/workload';
import { chooseTraffic, type Traffic } from './edge.ts';
import { experiment } from './experiment.ts';
import { phase } from './phase.ts';
import type { RunPlan } from './plan-run.ts';
import type { RunOptions, Stage } from './stage.ts';

/** Where one repeat writes. */
export interface Place {
  readonly history: History;
  readonly folder: string;
}

/**
 * One plan on a cluster of its own.
 * @throws whatever stopped the run, after healing and tearing down; the history has it as well.
 */
export async function run(plan: RunPlan, options: RunOptions): Promise<void> {
  await onCluster(plan, options, (stage) => experiment(plan, stage, options));
}

/**
 * Several plans, one after the other, on one cluster: repeats of one, or others that want the same cluster. Between two that
 * deploy something else the app is deployed anew. A plan that cannot be carried out ends the set: what is not whole again would
 * be measured by the next.
 * @param open opens the history of each, given its plan; it is closed by whoever opened it, in `close`.
 * @throws whatever stopped the set.
 */
export async function runRepeats(
  plans: readonly RunPlan[],
  options: RunOptions,
  each: {
    readonly open: (plan: RunPlan) => Promise<Place>;
    readonly close: (plan: RunPlan, place: Place, error: Error | undefined) => Promise<void>;
  },
): Promise<void> {
  const [first] = plans;
  if (!first) return;
  using known = remembered(options.history);
  await onCluster(first, options, async (staged) => {
    let stage = staged;
    let before = first;
    for (const plan of plans) {
      const place = await each.open(plan);
      for (const { seq: _seq, at: _at, wall: _wall, ...event } of known.events) place.history.append(event);
      let failure: Error | undefined;
      try {
        stage = await staging(plan, before, stage, { ...options, ...place });
        before = plan;
        await experiment(plan, stage, { ...options, ...place });
      } catch (error) {
        failure = error instanceof Error ? error : new Error(String(error));
        throw error;
      } finally {
        await each.close(plan, place, failure);
      }
    }
  });
}

/** The stage for this plan: as it was before, as far as this one wants the same. */
async function staging(plan: RunPlan, before: RunPlan, stage: Stage, options: RunOptions): Promise<Stage> {
  const { cluster, workload } = stage;
  const { signal, history } = options;
  if (!isDeepStrictEqual(plan.workload, before.workload)) {
    return phase(history, 'deploy', async () => {
      await workload.remove({ signal });
      await workload[Symbol.asyncDispose]();
      const next = await deploy(cluster, plan.workload, { history, signal });
      return { cluster, workload: next, traffic: await trafficOf(plan, next, signal) };
    });
  }
  const targets = ({ faults }: RunPlan) => faults.map(({ target }) => target);
  if (isDeepStrictEqual(targets(plan), targets(before))) return stage;
  return { cluster, workload, traffic: await trafficOf(plan, workload, signal) };
}

type Known = EventOf<'lan' | 'inventory' | 'golden'>;

/** What was said once, when the cluster came up, and every history needs: who is who on its LAN, what runs on it, and that it was whole. */
function remembered(history: History): Disposable & { readonly events: readonly Known[] } {
  const events: Known[] = [];
  const subscription = history.subscribe((event: Stamped) => {
    if (event.type === 'lan' || event.type === 'inventory' || event.type === 'golden') events.push(event);
  });
  return { events, [Symbol.dispose]: () => subscription[Symbol.dispose]() };
}

/** Boots, deploys, acts, and tears down whatever came of it. */
async function onCluster(plan: RunPlan, options: RunOptions, act: (stage: Stage) => Promise<void>): Promise<void> {
  const { history } = options;
  const everything = new AsyncDisposableStack();
  await using _teardown = { [Symbol.asyncDispose]: () => phase(history, 'teardown', () => everything.disposeAsync()) };
  const cluster = everything.use(await phase(history, 'boot', () => boot(plan.cluster, options)));
  try {
    await act(await phase(history, 'deploy', () => prepare(plan, cluster, everything, options)));
  } finally {
    if (await options.keep()) cluster.keep();
  }
}

async function prepare(
  plan: RunPlan,
  cluster: Cluster,
  everything: AsyncDisposableStack,
  { history, signal, furnish }: RunOptions,
): Promise<Stage> {
  const workload = everything.use(await deploy(cluster, plan.workload, { history, signal }));
  await furnish?.(cluster);
  // Pods run everywhere now: the first on a node makes its bridge.
  await checkGolden(cluster, 'booted', { history, signal });
  return { cluster, workload, traffic: await trafficOf(plan, workload, signal) };
}

async function trafficOf({ faults }: RunPlan, workload: Workload, signal: AbortSignal): Promise<Traffic> {
  const [entries, ingressNodes] = await Promise.all([workload.entries({ signal }), workload.ingressNodes({ signal })]);
  return chooseTraffic({ entries, ingressNodes, targets: faults.map(({ target }) => target) });
}
