/** `faultline upgrade`: k3s is upgraded under traffic, on a copy of what one has, and the report says what became of it. */
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { controllers, k3sRelease, UnknownReleaseError } from '@faultline/cluster/plan';
import { engine, labelsOf, thisProcess, type Engine } from '@faultline/control';
import { createHistory, HISTORY_VERSION, systemClock, type History } from '@faultline/history';
import { liveView } from '@faultline/report';
import { upgrade, upgradesOf } from '@faultline/upgrade';
import {
  planUpgrade,
  UpgradeWishError,
  type Case,
  type UpgradePlan,
  type UpgradeVerdict,
  type UpgradeWish,
} from '@faultline/upgrade/plan';
import { oneOf, wholeNumber } from '../allowed.ts';
import { conclude } from '../conclude.ts';
import { EXIT, UsageError } from '../exit.ts';
import { newRunFolder } from '../folder.ts';
import { skipWhereLacking } from '../lacking.ts';
import { seedOf, text, wantedFactors, type Given } from '../options.ts';
import { ensureOwnImages } from '../own-images.ts';
import { provenance, type Provenance } from '../provenance.ts';
import { casesFor, nameOfCases } from '../upgrade-cases.ts';
import { reportUpgrade, tellUpgrade, tellUpgrades } from '../upgrade-report.ts';

const EXPIRES_MS = 2 * 3_600_000;
const MOST_REPEATS = 20;

export async function execute(_: readonly string[], options: Given, signal: AbortSignal): Promise<number> {
  // Everything that can be refused is refused before the engine is asked for anything.
  const from = releaseGiven('--from', options['from']);
  const to = releaseGiven('--to', options['to']);
  const repeat = wholeNumber('--repeat', text(options['repeat']) ?? '1', { min: 1, max: MOST_REPEATS });
  const keep = oneOf('--keep', text(options['keep']) ?? 'never', ['never', 'always']);
  nameOfCases(options);
  const asked = wishOf(options, { from, to });

  const docker = await engine();
  const { tools, userlist } = await ensureOwnImages(docker, signal);
  const { cases, images, notes } = await casesFor(options, { from, to, app: userlist, engine: docker }, signal);
  const wish: UpgradeWish = { ...asked, cases, images };
  const plan = planned(wish, { tools, app: userlist, subnet: text(options['subnet']) ?? null });
  await skipWhereLacking(docker, plan.cluster.spec, { signal, tools });
  const prepared = { plan, cases, notes, docker, from: await provenance(docker, signal), options };

  const code = repeat === 1 ? await once(prepared, keep, signal) : await repeated(prepared, repeat, signal);
  return signal.aborted ? EXIT.interrupted : code;
}

async function once(prepared: Prepared, keep: string, signal: AbortSignal): Promise<number> {
  const { plan, options } = prepared;
  const folder = await newRunFolder('upgrade', cellOf(plan, options), systemClock.wall());
  await conduct(prepared, { folder, keep, signal });
  const { upgrade: verdict } = await reportUpgrade(folder);
  return tellUpgrade(verdict, { folder: relative(process.cwd(), folder), options });
}

/** Each on a cluster of its own: there is no way back to the state before an upgrade. */
async function repeated(prepared: Prepared, count: number, signal: AbortSignal): Promise<number> {
  const { plan, options } = prepared;
  const folder = await newRunFolder('upgrade', cellOf(plan, options), systemClock.wall());
  const runs: { folder: string; verdict: UpgradeVerdict }[] = [];
  for (let index = 1; index <= count && !signal.aborted; index++) {
    const name = `repeat-${String(index).padStart(3, '0')}`;
    await conduct(prepared, { folder: join(folder, name), keep: 'never', signal });
    const { upgrade: verdict } = await reportUpgrade(join(folder, name));
    runs.push({ folder: name, verdict });
    if (!options['json']) console.error(`${name} of ${count}: ${verdict.outcome.toUpperCase()} ${verdict.reason}`);
  }
  const { from, to, cluster } = plan;
  const command = `${commandOf(plan, options)} --repeat ${count}`;
  const controller = cluster.spec.controller ?? 'default';
  return tellUpgrades(upgradesOf({ from, to, controller, command }, runs), { folder, options });
}

interface Prepared {
  readonly plan: UpgradePlan;
  readonly cases: readonly Case[];
  readonly notes: readonly string[];
  readonly docker: Engine;
  readonly from: Provenance;
  readonly options: Given;
}

interface Place {
  readonly folder: string;
  readonly keep: string;
  readonly signal: AbortSignal;
}

/** One upgrade, into its folder; how it ended stands in the history. */
async function conduct(prepared: Prepared, { folder, keep, signal }: Place): Promise<void> {
  const { plan, cases, docker, options } = prepared;
  const run = randomBytes(4).toString('hex');
  using history = await open(prepared, folder, run);
  using _live = liveView(history, { stream: process.stderr, quiet: Boolean(options['json']) });
  const labels = labelsOf(run, thisProcess(), { expires: Date.parse(history.clock.wall()) + EXPIRES_MS });
  const shallKeep = async () => keep === 'always';
  await conclude({ history, signal }, () =>
    upgrade(plan, { engine: docker, history, signal, run, folder, labels, cases, keep: shallKeep }),
  );
}

/** Writes the plan and the run's first line. */
async function open({ plan, notes, from, options }: Prepared, folder: string, run: string): Promise<History> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'plan.json'), `${JSON.stringify(plan, null, 2)}\n`);
  const history = createHistory(join(folder, 'history.ndjson'));
  const { spec } = plan.cluster;
  history.append({
    type: 'run.begin',
    version: HISTORY_VERSION,
    run,
    scenario: plan.scenario,
    cell: {
      substrate: 'k3s',
      backend: spec.backend,
      loadBalancer: spec.loadBalancer,
      controller: spec.controller ?? 'default',
      cases: nameOfCases(options),
    },
    substrate: 'k3s',
    substrateReason: 'only k3s is upgraded',
    seed: plan.seed,
    command: commandOf(plan, options),
    commit: from.commit,
    dirty: from.dirty,
    versions: { ...from.versions, k3s: `${plan.from} to ${plan.to}` },
  });
  for (const note of notes) history.append({ type: 'note', level: 'warning', text: note });
  return history;
}

function wishOf(options: Given, { from, to }: { from: string; to: string }): Omit<UpgradeWish, 'cases' | 'images'> {
  const { backend = 'vxlan', loadBalancer = 'servicelb', controller = 'default' } = wantedFactors(options);
  oneOf('--controller', controller, Object.keys(controllers));
  return {
    from,
    to,
    backend,
    loadBalancer,
    controller,
    servers: wholeNumber('--servers', text(options['servers']) ?? '1', { min: 1, max: 7 }),
    agents: wholeNumber('--agents', text(options['agents']) ?? '2', { min: 0, max: 20 }),
    preload: options['preload'] !== false,
    skew: Boolean(options['skew']),
    rollback: Boolean(options['rollback']),
    seed: seedOf(options),
  };
}

function planned(wish: UpgradeWish, images: Parameters<typeof planUpgrade>[1]): UpgradePlan {
  try {
    return planUpgrade(wish, images);
  } catch (error) {
    throw error instanceof UpgradeWishError ? new UsageError(error.message) : error;
  }
}

function releaseGiven(option: string, given: Given[string]): string {
  const version = text(given);
  if (version === undefined)
    throw new UsageError(`${option} is missing. Allowed: a k3s release, e.g. --from v1.32.1+k3s1 --to v1.33.3+k3s1`);
  try {
    return k3sRelease(version).version;
  } catch (error) {
    throw error instanceof UnknownReleaseError ? new UsageError(`${option}: ${error.message}`) : error;
  }
}

/** What its folder is called. */
function cellOf({ from, to, cluster: { spec }, preload, rollback, replaced }: UpgradePlan, options: Given): string {
  const words = [
    `${from}-to-${to}`,
    `${spec.servers}s${spec.agents}a`,
    spec.controller ?? 'default',
    nameOfCases(options),
    ...(preload ? [] : ['no-preload']),
    ...(rollback ? ['rollback'] : []),
    ...(replaced.length < spec.servers + spec.agents ? ['skew'] : []),
  ];
  return words.join('-').replaceAll(/[^A-Za-z0-9.-]+/g, '-');
}

/** The command that repeats it. */
function commandOf(
  { from, to, cluster: { spec }, seed, preload, rollback, replaced }: UpgradePlan,
  options: Given,
): string {
  const words = ['npx faultline upgrade', '--from', from, '--to', to];
  words.push('--servers', String(spec.servers), '--agents', String(spec.agents), '--backend', spec.backend);
  words.push('--lb', spec.loadBalancer, '--controller', spec.controller ?? 'default');
  for (const name of ['manifests', 'cases', 'subnet']) {
    const value = text(options[name]);
    if (value !== undefined) words.push(`--${name}`, value);
  }
  const live = options['fromCluster'];
  if (live !== undefined) words.push('--from-cluster', ...(typeof live === 'string' ? [live] : []));
  if (!preload) words.push('--no-preload');
  if (rollback) words.push('--rollback');
  if (replaced.length < spec.servers + spec.agents) words.push('--skew');
  return [...words, '--seed', String(seed)].join(' ');
}
