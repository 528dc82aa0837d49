/** `faultline compare-backends`: latency and throughput of every path, with every backend, side by side on one host. */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { BackendComparison, BackendIdentity } from '@faultline/checker';
import { backendNamed, loadBalancers } from '@faultline/cluster/plan';
import { engine, labelsOf, thisProcess, type Engine } from '@faultline/control';
import { createHistory, systemClock, type History, type Substrate } from '@faultline/history';
import { backendsHeadline, claims } from '@faultline/report';
import { runBench, type BenchSite } from '@faultline/scenario';
import { planBench, type BenchPlan } from '@faultline/scenario/plan';
import { oneOf, wholeNumber } from '../allowed.ts';
import { isOpened, keepTurns, openBench, writeBench } from '../bench-folder.ts';
import { EXIT, SkippedError, UsageError } from '../exit.ts';
import { timeName } from '../folder.ts';
import { skipWhereLacking } from '../lacking.ts';
import { seedOf, settingsOf, text, type Given } from '../options.ts';
import { ensureOwnImages } from '../own-images.ts';
import { provenance, type Provenance } from '../provenance.ts';
import { chooseSubstrate, wishOf, type Choice } from '../substrate.ts';
import { RUNS } from '../workspace.ts';

const MOST_REPEATS = 100;
/** A repeat takes a minute and a half. */
const EXPIRES_MS = 6 * 3_600_000;

/** What has an address of its own, so that the path through it is the same with every backend. */
const LOAD_BALANCER: Readonly<Record<Substrate, string>> = { k3s: 'metallb-l2', bare: 'keepalived' };

const LIMITS: readonly string[] = [
  'All clusters stay up while one is measured, and take the same part of the host from each (docs/decisions/0014).',
  'One host and one kernel: between nodes is a bridge and no wire. An overlay costs here what it costs the processors, and ' +
    'nothing of what it costs a network card.',
  'Behind the Service and the Ingress are four pods on two nodes: half of the requests stay on one.',
  'iperf3 runs in the network namespaces of pods, outside of their cgroups.',
];

type Identity = Omit<BackendIdentity, 'backends'>;

export async function execute(_: readonly string[], options: Given, signal: AbortSignal): Promise<number> {
  const again = text(options['again']);
  if (again !== undefined) return tell(await writeBench(resolve(again)), resolve(again), options);
  const wanted = wantedBackends(text(options['backends']) ?? '');
  const repeats = wholeNumber('--repeat', text(options['repeat']) ?? '', { min: 1, max: MOST_REPEATS });
  const lb = text(options['lb']);
  if (lb !== undefined) oneOf('load balancer', lb, Object.keys(loadBalancers));
  const wish = wishOf(options);
  const seed = seedOf(options);

  const docker = await engine();
  const choice = await chooseSubstrate(wish, ['k3s', 'bare'], docker, signal);
  const { substrate, k3s } = choice;
  const loadBalancer = lb ?? LOAD_BALANCER[substrate];
  const { tools, userlist } = await ensureOwnImages(docker, signal);
  const { able, skipped } = await possible(docker, wanted, { substrate, loadBalancer }, { signal, tools });
  const app = text(options['app']) ?? userlist;
  const common = { substrate, loadBalancer, settings: settingsOf(options), repeats, seed, app, tools, k3s };
  const plan = planBench({ ...common, backends: able });
  const command = commandOf(options, { substrate, wanted, repeats, seed, loadBalancer, k3s });
  const from = await provenance(docker, signal);
  const identity = identityOf(plan, { choice, loadBalancer, skipped, command, from });
  console.error(`faultline: ${able.join(' and ')} on ${substrate} (${choice.reason}); seed ${seed}; again: ${command}`);
  return conclude(plan, identity, { docker, signal, options });
}

function identityOf(
  { substrate, repeats, seed, rateHz, latencySeconds, throughputSeconds, skipped: absent }: BenchPlan,
  told: Pick<Identity, 'loadBalancer' | 'skipped' | 'command'> & {
    readonly choice: Choice;
    readonly from: Provenance;
  },
): Identity {
  const { choice, loadBalancer, skipped, command, from } = told;
  return {
    comparison: randomBytes(4).toString('hex'),
    substrate,
    substrateReason: choice.reason,
    loadBalancer,
    skipped: [...skipped, ...absent],
    repeats,
    seed,
    rateHz,
    latencySeconds,
    throughputSeconds,
    limits: LIMITS,
    command,
    commit: from.commit,
    dirty: from.dirty,
    versions: { ...from.versions, ...(choice.k3s && { k3s: choice.k3s }) },
  };
}

/** Measures, compares what was measured, however far that came, and says so. */
async function conclude(
  plan: BenchPlan,
  identity: Identity,
  { docker, signal, options }: { readonly docker: Engine; readonly signal: AbortSignal; readonly options: Given },
): Promise<number> {
  const folder = join(RUNS, 'compare-backends', timeName(systemClock.wall()));
  const failure = await measure(plan, identity, { folder, docker, signal });
  if (failure !== undefined) console.error(`faultline: ${failure}`);
  const exitCode = isOpened(folder) ? tell(await writeBench(folder), folder, options) : EXIT.inconclusive;
  if (signal.aborted) return EXIT.interrupted;
  return failure === undefined ? exitCode : EXIT.inconclusive;
}

/** @throws UsageError, ClusterSpecError */
function wantedBackends(typed: string): readonly string[] {
  const names = typed.split(',').map((name) => backendNamed(name.trim()));
  if (new Set(names).size === names.length && names.length >= 2) return names;
  throw new UsageError(`--backends "${typed}" compares nothing. Allowed: two or more, e.g. --backends vxlan,host-gw`);
}

/** What this host cannot do is skipped by its name. @throws SkippedError where nothing is left to be compared. */
async function possible(
  docker: Engine,
  wanted: readonly string[],
  { substrate, loadBalancer }: Pick<Identity, 'substrate' | 'loadBalancer'>,
  options: { readonly signal: AbortSignal; readonly tools: string },
): Promise<{ readonly able: readonly string[]; readonly skipped: BackendIdentity['skipped'] }> {
  const skipped: { what: string; reason: string }[] = [];
  for (const backend of wanted) {
    const cell = {
      substrate,
      backend: backendNamed(backend),
      loadBalancer: oneOf('load balancer', loadBalancer, NAMES),
    };
    await skipWhereLacking(docker, cell, options).catch((error: unknown) => {
      if (!(error instanceof SkippedError)) throw error;
      skipped.push({ what: backend, reason: error.message });
    });
  }
  const able = wanted.filter((backend) => !skipped.some(({ what }) => what === backend));
  if (able.length < 2) throw new SkippedError(skipped.map(({ reason }) => reason).join('\n'));
  return { able, skipped };
}

const NAMES = Object.values(loadBalancers).map(({ name }) => name);

interface Place {
  readonly folder: string;
  readonly docker: Engine;
  readonly signal: AbortSignal;
}

/** @returns why it ended before its last turn; undefined when it did not. What was measured until then is kept. */
async function measure(plan: BenchPlan, identity: Identity, place: Place): Promise<string | undefined> {
  const { folder, docker, signal } = place;
  using histories = new DisposableStack();
  let [taken, repeat] = [0, 0];
  try {
    await runBench(plan, {
      engine: docker,
      signal,
      site: (backend) => siteOf(backend, identity, folder, histories),
      ready: async (backends) => {
        await openBench(folder, { ...identity, backends });
        console.error(`faultline: all clusters are up; measuring ${identity.repeats} repeats, after one to warm up`);
      },
      taken: async (turns) => {
        await keepTurns(folder, turns);
        taken += 1;
        const now = turns[0]?.repeat ?? repeat;
        if (now !== repeat) console.error(`faultline: repeat ${now} of ${identity.repeats}, ${taken} turns taken`);
        repeat = now;
      },
    });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Each cluster has a history of its own, with its boot and every sample. */
function siteOf(backend: string, { comparison }: Identity, folder: string, histories: DisposableStack): BenchSite {
  const own = join(folder, backend);
  mkdirSync(own, { recursive: true });
  const history = histories.use(createHistory(join(own, 'history.ndjson')));
  histories.use(stagesAloud(backend, history));
  const run = randomBytes(4).toString('hex');
  const expires = Date.parse(systemClock.wall()) + EXPIRES_MS;
  history.append({ type: 'note', level: 'info', text: `one of the clusters of the comparison ${comparison}` });
  return { history, run, folder: own, labels: labelsOf(run, thisProcess(), { expires }) };
}

function stagesAloud(backend: string, history: History): Disposable {
  return history.subscribe((event) => {
    if (event.type === 'stage') console.error(`${backend}: ${event.name}`);
    if (event.type === 'note' && event.level === 'warning') console.error(`${backend}: ${event.text}`);
  });
}

function commandOf(
  options: Given,
  told: {
    readonly substrate: Substrate;
    readonly wanted: readonly string[];
    readonly repeats: number;
    readonly seed: number;
    readonly loadBalancer: string;
    readonly k3s: string | undefined;
  },
): string {
  const { substrate, wanted, repeats, seed, loadBalancer, k3s } = told;
  const settings = Object.entries(settingsOf(options)).map(([key, value]) => `${key}=${value}`);
  const app = text(options['app']);
  return [
    'npx faultline compare-backends',
    `--substrate ${substrate} --backends ${wanted.join(',')} --lb ${loadBalancer} --repeat ${repeats} --seed ${seed}`,
    ...(settings.length > 0 ? ['--lb-set', ...settings] : []),
    ...(k3s ? ['--k3s', k3s] : []),
    ...(app ? ['--app', app] : []),
  ].join(' ');
}

function tell(comparison: BackendComparison, folder: string, options: Given): number {
  if (options['json']) console.log(JSON.stringify({ folder, ...comparison }, null, 2));
  else {
    const shown = claims(comparison);
    console.log(shown.length > 0 ? shown.join('\n') : backendsHeadline(comparison));
    console.log(`\nreport  ${relative(process.cwd(), join(folder, 'comparison.html'))}\nagain   ${comparison.command}`);
  }
  return EXIT.pass;
}
