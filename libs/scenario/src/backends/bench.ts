/**
 * Executes a comparison: every cluster is booted at the same time and stays up, and they are measured in turns.
 * What was found is not decided here: turns are handed out as they come, and compared by the checker.
 */
import type { BenchedBackend, Turn } from '@faultline/checker';
import { boot, type BootOptions, type Cluster } from '@faultline/cluster';
import { backends } from '@faultline/cluster/plan';
import { DeadlineError, done, notYet, onAll, waitFor, type Engine } from '@faultline/control';
import type { History } from '@faultline/history';
import { busySeconds, prepareThroughput } from '@faultline/probe';
import { deploy } from '@faultline/workload';
import type { BenchPlan } from './plan-bench.ts';
import { takeTurn } from './turn.ts';
import { findWays, type Ways } from './ways.ts';

/** Where one cluster writes, and what its containers are called and labelled. */
export type BenchSite = Pick<BootOptions, 'history' | 'run' | 'folder' | 'labels'>;

export interface BenchRunOptions {
  readonly engine: Engine;
  readonly signal: AbortSignal;
  readonly site: (backend: string) => BenchSite;
  /** All are up: this is where everything lies. */
  readonly ready: (benched: readonly BenchedBackend[]) => Promise<void>;
  /** After each turn that counts. */
  readonly taken: (turns: readonly Turn[]) => Promise<void>;
}

/** A cluster that just came up has images to unpack and jobs to run. */
const QUIET_WITHIN_MS = 60_000;
const QUIET_CPUS = 0.5;
const ASK_EVERY_MS = 2000;

interface Contender extends Ways {
  readonly name: string;
  readonly cluster: Cluster;
  readonly history: History;
}

/** @throws whatever stopped it, after everything was torn down; the turns that were taken have been handed out. */
export async function runBench(plan: BenchPlan, options: BenchRunOptions): Promise<void> {
  const { signal } = options;
  await using up = new AsyncDisposableStack();
  const named = plan.clusters.map((one) => ({ ...one, name: one.backend }));
  const contenders = await onAll(named, ({ name, plan: cluster }) => raise({ name, cluster }, plan, up, options));
  await options.ready(
    contenders.map(({ name, placement, cluster }) => ({
      backend: name,
      placement,
      podMtu: backends[cluster.plan.spec.backend].podMtu,
    })),
  );
  await untilQuiet(contenders, signal);
  for (const turn of plan.turns) {
    signal.throwIfAborted();
    const contender = contenders.find(({ name }) => name === turn.backend);
    const way = contender?.ways[turn.path];
    if (!contender || !way)
      throw new Error(`the plan has a turn on ${turn.path} of ${turn.backend}, the clusters have not`);
    const turns = await takeTurn({ plan, turn, way, history: contender.history, signal });
    if (turn.repeat > 0) await options.taken(turns);
  }
}

async function raise(
  { name, cluster: plan }: { readonly name: string; readonly cluster: BenchPlan['clusters'][number]['plan'] },
  { workload: spec }: BenchPlan,
  up: AsyncDisposableStack,
  { engine, signal, site }: BenchRunOptions,
): Promise<Contender> {
  const place = site(name);
  const { history } = place;
  const cluster = up.use(await boot(plan, { ...place, engine, signal }));
  const workload = up.use(await deploy(cluster, spec, { history, signal }));
  const ways = await findWays(cluster, workload, signal);
  const ends = [cluster.client, ...cluster.nodes.map(({ side }) => side)];
  await onAll(ends, (end) => prepareThroughput(end, signal));
  return { name, cluster, history, ...ways };
}

/** The host is asked by a container on it, for the engine may be elsewhere. A host that never is quiet is measured as it is. */
async function untilQuiet(contenders: readonly Contender[], signal: AbortSignal): Promise<void> {
  const [first] = contenders;
  if (!first) return;
  const { client } = first.cluster;
  let before = await spentOn(client, signal);
  const ask = async (until: AbortSignal) => {
    const now = await spentOn(client, until);
    const cpus = (now.busy - before.busy) / (now.at - before.at);
    before = now;
    return cpus < QUIET_CPUS ? done(cpus) : notYet(`${cpus.toFixed(2)} processors busy`);
  };
  const note = (level: 'info' | 'warning', text: string) =>
    contenders.forEach(({ history }) => history.append({ type: 'note', level, text }));
  try {
    const cpus = await waitFor('the host is quiet', ask, { signal, withinMs: QUIET_WITHIN_MS, everyMs: ASK_EVERY_MS });
    note('info', `${cpus.toFixed(2)} processors of the host busy with all clusters idle`);
  } catch (error) {
    if (!(error instanceof DeadlineError)) throw error;
    note('warning', error.message);
  }
}

async function spentOn(client: Cluster['client'], signal: AbortSignal): Promise<{ busy: number; at: number }> {
  const { stdout } = await client.exec(['cat', '/proc/uptime', '/proc/stat'], { signal });
  const [uptime = '', stat = ''] = stdout.split('\n');
  return { at: Number(uptime.split(' ')[0]), busy: busySeconds(stat) };
}
