/**
 * One experiment on a cluster that is up: steady state, faults, healing, steady state again. It leaves the cluster as it
 * found it, or throws: the next one would measure what this one left.
 */
import { join } from 'node:path';
import { checkGolden, machinesOf, whoHas, type Cluster } from '@faultline/cluster';
import { done, notYet, onAll, waitFor } from '@faultline/control';
import { openSession } from '@faultline/fault';
import { loadBalancers } from '@faultline/cluster/plan';
import { MILLISECOND } from '@faultline/history';
import { cpuAccounts } from '@faultline/probe';
import type { Entry } from '@faultline/workload';
import { captureEdge } from './capture.ts';
import { disturb, type Disturbed, type Instruments, type Struck } from './disturb.ts';
import { observe } from './observe.ts';
import { phase } from './phase.ts';
import type { RunPlan } from './plan-run.ts';
import type { RunOptions, Stage } from './stage.ts';
import { SteadyGate } from './steady.ts';
import { Sweeper } from './sweeper.ts';

/** kube-vip's longest lease is 15 s, and a node that returns may claim the address for a moment. */
const OWNED_WITHIN_MS = 60_000;
/** However late the steady state came, who reaches whom is looked at more than once. */
const SECOND_LOOK_MS = 5000;

export async function experiment(plan: RunPlan, stage: Stage, options: RunOptions): Promise<void> {
  const { history, signal, engine, run, labels, folder } = options;
  const { cluster, traffic } = stage;
  history.append({ type: 'stage', name: 'traffic', detail: `clients use ${traffic.edge.address}, ${traffic.why}` });
  await using open = new AsyncDisposableStack();
  using gate = new SteadyGate(history);
  const sweeper = plan.watch.includes('sweep') ? open.use(new Sweeper({ ...stage, history, signal })) : undefined;
  const observing = await phase(history, 'steady', async () => {
    await offTheServer(plan, stage, options);
    if (options.capture)
      open.use(await captureEdge(cluster.client, traffic.edge, join(folder, 'edge.pcap'), { signal }));
    await sweeper?.prepare();
    const observer = open.use(await observe({ plan, ...stage, history, signal }));
    // Before the gate: in its first sweep a program still compiles itself, and a probe that has to wait for it is not steady.
    if ((await sweeper?.sweep('before')) === false) return undefined;
    // So does the start of the supervisor. After the probes, so that faults are healed before what sees them is let go.
    const session = open.use(await openSession({ run, engine, history, labels, cluster, signal }));
    return (await gate.wait('before', { signal, withinMs: plan.steadyWithinMs })) ? { observer, session } : undefined;
  });
  if (!observing) return;
  await measure(plan, stage, { session: observing.session, gate, sweeper }, options);
  await phase(history, 'collect', () => observing.observer[Symbol.asyncDispose]());
}

/** Who holds the address is elected by a lease, and not given by hash or priority. */
const elects = ({ loadBalancer }: RunPlan['cluster']['spec']): boolean =>
  loadBalancers[loadBalancer].features.includes('load-balancer.lease');

/** With the only server the API would go, and nobody could take the address over: another question than this one. */
async function offTheServer({ cluster: { spec }, faults }: RunPlan, stage: Stage, options: RunOptions): Promise<void> {
  const { cluster, traffic } = stage;
  const { history, signal } = options;
  const strikes = faults.some(({ target }) => target.select === 'announcer');
  if (!elects(spec) || !strikes || spec.servers > 1) return;
  const holder = await cluster.announcer(traffic.edge.address, { signal });
  if (holder?.role !== 'server') return;
  await cluster.yieldAddress(holder.name, { signal });
  const next = await cluster.announcer(traffic.edge.address, { signal });
  history.append({
    type: 'stage',
    name: 'address-yielded',
    detail: `${holder.name} is the only server; now ${next?.name ?? 'nobody'} answers for ${traffic.edge.address}`,
  });
}

async function measure(plan: RunPlan, stage: Stage, instruments: Instruments, options: RunOptions): Promise<void> {
  const account = await cpuAccounts(stage.cluster.nodes, options);
  const disturbed = await phase(options.history, 'measure', () => disturb(plan, stage, instruments, options));
  await account();
  // What stays in force to the end leaves no state to settle in.
  if (plan.faults.some(({ heal }) => !heal)) return;
  await phase(options.history, 'settle', () => settle(plan, stage, disturbed, instruments, options));
}

/** Everything is again as it was: the nodes that died, the app and its Ingress, and what clients see. */
async function settle(
  plan: RunPlan,
  { cluster, workload, traffic }: Stage,
  { struck, dead }: Disturbed,
  { gate, sweeper }: Instruments,
  { history, signal }: RunOptions,
): Promise<void> {
  await onAll(dead, ({ name }) => cluster.revive(name, { signal }));
  await workload.untilReady({ signal });
  history.append({ type: 'stage', name: 'workload-ready' });
  await oneOwner(plan, cluster, traffic.edge, struck, signal);
  await sweeper?.prepare();
  const until = history.clock.now() + plan.settleWithinMs * MILLISECOND;
  await gate.wait('after', { signal, withinMs: plan.settleWithinMs });
  await sweeper?.untilWhole(Math.max(SECOND_LOOK_MS, (until - history.clock.now()) / MILLISECOND));
  await sweeper?.sweep('after');
  await checkGolden(cluster, 'healed', { history, signal });
}

/**
 * One machine answers for the address: what announces twice now would announce twice in the next experiment. Where no
 * election decides who, it is the one that was struck: it takes the address back, and the next experiment would else meet
 * that as a second disturbance, or another successor than its envelope is about.
 */
async function oneOwner(
  { cluster: { spec } }: RunPlan,
  cluster: Cluster,
  edge: Entry,
  struck: readonly Struck[],
  signal: AbortSignal,
): Promise<void> {
  // Of several announcers that were struck one after the other the first held it when everything was whole.
  const announcer = struck.find(({ fault }) => fault.target.select === 'announcer')?.nodes[0];
  const due = edge.node === undefined && !elects(spec) ? announcer?.name : undefined;
  await waitFor(
    `${due ?? 'one machine'} answers for ${edge.address}, and nobody else`,
    async (until) => {
      const macs = await whoHas(cluster.client, edge.address, { signal: until });
      const owners = macs.map((mac) => machinesOf(cluster).find((machine) => machine.mac === mac)?.name ?? mac);
      const isSettled = owners.length === 1 && (due === undefined || owners[0] === due);
      return isSettled ? done(undefined) : notYet(owners.join(' and ') || 'nobody answers');
    },
    { signal, withinMs: OWNED_WITHIN_MS, everyMs: 200 },
  );
}
