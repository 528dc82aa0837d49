/**
 * Executes a plan: boot, deploy, steady state, measure, settle, collect, tear down. Every phase is written to the
 * history, and gates the next. What was found is not decided here: the history is judged afterwards.
 */
import { boot, type Cluster } from '@faultline/cluster';
import { elapse, onAll, type Engine } from '@faultline/control';
import { openSession, type FaultSession } from '@faultline/fault';
import type { History, Phase } from '@faultline/history';
import { deploy, type Workload } from '@faultline/workload';
import { chooseTraffic, resolveTarget, type Traffic } from './edge.ts';
import { observe } from './observe.ts';
import type { RunPlan } from './plan-run.ts';
import { SteadyGate } from './steady.ts';

export interface RunOptions {
  readonly engine: Engine;
  readonly history: History;
  readonly signal: AbortSignal;
  /** Id of the run. */
  readonly run: string;
  /** Folder of the run. */
  readonly folder: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Asked when everything has been collected: whether the cluster is to be left running. */
  readonly keep: () => Promise<boolean>;
}

/** What is up, once the workload answers. */
interface Stage {
  readonly cluster: Cluster;
  readonly workload: Workload;
  readonly traffic: Traffic;
  readonly session: FaultSession;
}

/**
 * @throws whatever stopped the run, after healing and tearing down; the history has it as well.
 */
export async function run(plan: RunPlan, options: RunOptions): Promise<void> {
  const { history, signal } = options;
  const everything = new AsyncDisposableStack();
  await using _teardown = { [Symbol.asyncDispose]: () => phase(history, 'teardown', () => everything.disposeAsync()) };

  const cluster = everything.use(await phase(history, 'boot', () => boot(plan.cluster, options)));
  try {
    const stage = await phase(history, 'deploy', () => prepare(plan, cluster, everything, options));
    using gate = new SteadyGate(history);
    const observing = await phase(history, 'steady', async () => {
      const observer = everything.use(await observe({ plan, ...stage, history, signal }));
      return (await gate.wait('before', { signal, withinMs: plan.steadyWithinMs })) ? observer : undefined;
    });
    if (observing) {
      await measure(plan, stage, gate, options);
      await phase(history, 'collect', () => observing[Symbol.asyncDispose]());
    }
  } finally {
    if (await options.keep()) cluster.keep();
  }
}

async function prepare(
  plan: RunPlan,
  cluster: Cluster,
  everything: AsyncDisposableStack,
  options: RunOptions,
): Promise<Stage> {
  const { history, signal, engine, run: id, labels } = options;
  const workload = everything.use(await deploy(cluster, plan.workload, { history, signal }));
  const [entries, ingressNodes] = await Promise.all([workload.entries({ signal }), workload.ingressNodes({ signal })]);
  const traffic = chooseTraffic({ entries, ingressNodes, target: plan.fault.target });
  history.append({ type: 'stage', name: 'traffic', detail: `clients use ${traffic.edge.address}, ${traffic.why}` });
  // Opened last, so that it is closed first: faults are healed before anything they act on is torn down.
  const session = everything.use(await openSession({ run: id, engine, history, labels, cluster, signal }));
  return { cluster, workload, traffic, session };
}

async function measure(plan: RunPlan, stage: Stage, gate: SteadyGate, { history, signal }: RunOptions): Promise<void> {
  const { fault } = plan;
  const struck = await phase(history, 'measure', async () => {
    await elapse(fault.afterMs, signal);
    const target = await resolveTarget(fault.target, { ...stage, signal });
    history.append({
      type: 'target',
      fault: fault.id,
      selector: nameOf(plan),
      nodes: target.nodes.map(({ name }) => name),
      why: target.why,
    });
    const active = await stage.session.inject(fault, target.nodes, { signal });
    await elapse(fault.lastingMs, signal);
    // Proved at the end of its time: by then the traffic has run into it, and its counters say so.
    await active.prove({ signal });
    if (plan.heal) await active.heal();
    return target.nodes;
  });
  if (!plan.heal) return;
  await phase(history, 'settle', async () => {
    if (fault.kind === 'node-kill') await onAll(struck, ({ name }) => stage.cluster.revive(name, { signal }));
    await gate.wait('after', { signal, withinMs: plan.settleWithinMs });
  });
}

function nameOf({ fault: { target } }: RunPlan): string {
  return 'index' in target ? `${target.select}(${target.index})` : `${target.select}()`;
}

async function phase<T>(history: History, name: Phase, act: () => PromiseLike<T>): Promise<T> {
  history.append({ type: 'phase', phase: name, edge: 'begin' });
  try {
    const result = await act();
    history.append({ type: 'phase', phase: name, edge: 'end' });
    return result;
  } catch (error) {
    history.append({
      type: 'phase',
      phase: name,
      edge: 'end',
      error: error instanceof Error ? error.message : String(error),
    });
    throw error;
  }
}
