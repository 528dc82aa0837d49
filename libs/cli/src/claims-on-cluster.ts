/** Boots a cluster for each set-up that claims need, asks them there, and takes it down. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  askOnCluster,
  runLab,
  SET_UPS,
  type ClusterClaim,
  type LabResult,
  type LabStep,
  type Result,
  type RunTime,
  type SetUpName,
} from '@faultline/claims';
import { boot, type Cluster } from '@faultline/cluster';
import { DEFAULT_K3S, k3sRelease, planCluster, type ClusterSpec } from '@faultline/cluster/plan';
import { engine, labelsOf, thisProcess, type Engine } from '@faultline/control';
import { createHistory, MILLISECOND, systemClock } from '@faultline/history';
import { deploy } from '@faultline/workload';
import { DEFAULT_HOST } from '@faultline/workload/plan';
import { text, type Given } from './options.ts';
import { ensureOwnImages } from './own-images.ts';
import { RUNS } from './workspace.ts';

/** A claim at one of the set-ups that it is asked in. */
export interface Part {
  readonly claim: ClusterClaim;
  readonly setUp: SetUpName;
}

const HOUR = 3_600_000;
const REPLICAS = 3;

export async function askSetUps(
  parts: readonly Part[],
  options: Given,
  signal: AbortSignal,
  keep: (results: readonly Result[]) => Promise<void>,
  keepTime: (time: RunTime) => Promise<void>,
): Promise<void> {
  const release = k3sRelease(text(options['k3s']) ?? DEFAULT_K3S).version;
  const docker = await engine();
  for (const [setUp, of] of Map.groupBy(parts, (part) => part.setUp)) {
    const { cluster, what } = SET_UPS[setUp];
    if (!cluster) {
      console.error(`faultline: ${setUp} (${what}): nothing is booted for it; ${of.length} not asked`);
      continue;
    }
    console.error(`faultline: ${setUp} (${what}), ${release}: ${of.length} claims`);
    await keepTime(await askSetUp({ setUp, release, claims: of.map(({ claim }) => claim) }, docker, signal, keep));
  }
}

export interface Batch {
  readonly setUp: SetUpName;
  readonly release: string;
  readonly claims: readonly ClusterClaim[];
  /** What nodes have besides what the set-up needs: what is installed later pulls nothing. */
  readonly images?: readonly string[];
}

export async function askSetUp(
  { setUp, release, claims, images = [] }: Batch,
  docker: Engine,
  signal: AbortSignal,
  keep: (results: readonly Result[]) => Promise<void>,
): Promise<RunTime> {
  const { cluster: spec, app: hasApp = true } = SET_UPS[setUp];
  if (!spec) throw new Error(`nothing is booted for ${setUp}`);
  const keepOne = async (result: Result) => {
    console.error(`  ${result.claim} ${result.part.padEnd(5)} ${saying(result.holds)} ${result.saw}`);
    await keep([result]);
  };
  const begin = systemClock.now();
  const since = () => Math.round((systemClock.now() - begin) / MILLISECOND);
  const wanted = { spec: { substrate: 'k3s', k3s: release, ...spec }, images, hasApp } as const;
  return await withCluster(wanted, docker, signal, async ({ cluster, ...booted }) => {
    const bootMs = since();
    const questions = await askOnCluster(claims, cluster, { ...booted, release, setUp, signal, keep: keepOne });
    const { run } = booted;
    return { run, setUp, release, questions, bootMs, wholeMs: since(), at: systemClock.wall() };
  });
}

/** The lab of the userlist page, on one node or on several. */
export async function askLab(agents: number, options: Given, signal: AbortSignal): Promise<LabResult> {
  const release = k3sRelease(text(options['k3s']) ?? DEFAULT_K3S).version;
  const spec = {
    substrate: 'k3s',
    k3s: release,
    servers: 1,
    agents,
    backend: 'vxlan',
    loadBalancer: 'servicelb',
  } as const;
  console.error(`faultline: the lab on traffic flow, ${agents + 1} nodes, ${release}`);
  const tell = ({ step, holds, saw }: LabStep) =>
    console.error(`  ${holds ? 'as it says' : 'otherwise'}: ${step}. ${saw}`);
  return await withCluster({ spec, images: [], hasApp: false }, await engine(), signal, ({ cluster, ...booted }) =>
    runLab(cluster, { ...booted, release, signal, tell }),
  );
}

interface Booted {
  readonly cluster: Cluster;
  readonly app: string;
  readonly run: string;
}

interface Wanted {
  readonly spec: ClusterSpec;
  readonly images: readonly string[];
  /** Whether userlist is deployed before anything is asked. */
  readonly hasApp: boolean;
}

/** A cluster for as long as it is used. */
async function withCluster<T>(
  { spec, images, hasApp }: Wanted,
  docker: Engine,
  signal: AbortSignal,
  use: (booted: Booted) => Promise<T>,
): Promise<T> {
  const { tools, userlist: app } = await ensureOwnImages(docker, signal);
  const planned = planCluster(spec, { tools, app, subnet: null });
  const plan = { ...planned, images: [...planned.images, ...images] };
  const run = randomBytes(4).toString('hex');
  const folder = join(RUNS, 'claims', run);
  await mkdir(folder, { recursive: true });
  using history = createHistory(join(folder, 'history.ndjson'));
  const labels = labelsOf(run, thisProcess(), { expires: Date.parse(systemClock.wall()) + HOUR });
  await using cluster = await boot(plan, { engine: docker, history, signal, run, folder, labels });
  const workload = { app, replicas: REPLICAS, host: DEFAULT_HOST, place: 'spread' } as const;
  if (hasApp) await deploy(cluster, workload, { history, signal });
  return await use({ cluster, app, run });
}

const saying = (holds: boolean | null): string => (holds === null ? '?' : holds ? 'holds' : 'does not hold');
