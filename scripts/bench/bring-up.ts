/** Boots a cluster of one server and two agents, deploys the app, and takes everything down again: when was what reached? */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boot, readSources } from '@faultline/cluster';
import { ownImages, planCluster, type ClusterPlan } from '@faultline/cluster/plan';
import { labelsOf, thisProcess, type Engine } from '@faultline/control';
import { memoryHistory, SECOND, type Stamped } from '@faultline/history';
import { deploy } from '@faultline/workload';
import { DEFAULT_HOST } from '@faultline/workload/plan';
import type { Stages } from './summary.ts';

/** Of the app, on both sides of a comparison. */
export const REPLICAS = 6;

/** A run that hangs may be removed by anyone after this. */
const EXPIRES_MS = 30 * 60_000;

export interface Subject {
  readonly plan: ClusterPlan;
  readonly app: string;
}

export async function subjectOf(substrate: string): Promise<Subject> {
  const { tools, userlist } = ownImages(await readSources(join(import.meta.dirname, '../../libs/workload/src/app')));
  const loadBalancer = substrate === 'bare' ? 'keepalived' : 'servicelb';
  const wish = { substrate, servers: 1, agents: 2, backend: 'vxlan', loadBalancer };
  return { plan: planCluster(wish, { tools, app: userlist, subnet: null }), app: userlist };
}

export async function bringUp({ plan, app }: Subject, engine: Engine, signal: AbortSignal): Promise<Stages> {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-bench-'));
  const run = randomBytes(4).toString('hex');
  const history = memoryHistory();
  const labels = labelsOf(run, thisProcess(), { expires: Date.parse(history.clock.wall()) + EXPIRES_MS });
  history.append({ type: 'phase', phase: 'boot', edge: 'begin' });
  try {
    await using cluster = await boot(plan, { engine, history, signal, run, folder, labels });
    await using _workload = await deploy(
      cluster,
      { app, replicas: REPLICAS, host: DEFAULT_HOST, place: 'spread' },
      { history, signal },
    );
    history.append({ type: 'phase', phase: 'teardown', edge: 'begin' });
  } finally {
    await rm(folder, { recursive: true });
  }
  history.append({ type: 'phase', phase: 'teardown', edge: 'end' });
  return stagesOf(history.events);
}

/** A stage that every node reaches is reached when the last one is. Taking down has its own zero. */
export function stagesOf(events: readonly Stamped[]): Stages {
  const at = (phase: string, edge: string): number =>
    events.find((event) => event.type === 'phase' && event.phase === phase && event.edge === edge)?.at ?? NaN;
  const since = at('boot', 'begin');
  const reached = events.flatMap((event) =>
    event.type === 'stage' ? [[event.name, (event.at - since) / SECOND] as const] : [],
  );
  return new Map([...reached, ['(taken down in)', (at('teardown', 'end') - at('teardown', 'begin')) / SECOND]]);
}
