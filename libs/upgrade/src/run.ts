/**
 * Executes an upgrade: the list on the old release, the new Traefik beside it, every node replaced under traffic, the list
 * again; and the way back, where it was asked for. What it comes to is not decided here: the history is judged afterwards.
 */
import { boot, prepareRelease, type BootOptions, type Cluster, type Replacement } from '@faultline/cluster';
import { done, notYet, waitFor, DeadlineError } from '@faultline/control';
import { systemClock, type UpgradeStep } from '@faultline/history';
import { phase, SteadyGate } from '@faultline/scenario';
import { deploy, type Entry, type Workload } from '@faultline/workload';
import { untilAgain } from './again.ts';
import { askList, type Seen } from './ask-list.ts';
import type { Case, Door } from './assertion.ts';
import { BESIDE_PORTS, installBeside } from './beside.ts';
import { ask } from './corpus/ask.ts';
import { Kubectl } from './corpus/kube.ts';
import type { UpgradePlan } from './plan-upgrade.ts';
import { predict } from './predict.ts';
import { compareRouters, type RawData } from './routers.ts';
import { startTraffic } from './traffic.ts';
import { TraefikWatch } from './traefik-watch.ts';

const WITHIN = { steady: 90_000, settled: 300_000, read: 90_000 } as const;

/** A route to Traefik's own API: which says what it makes of the objects, and, applied last, that it has read the others. */
const API_HOST = 'api.upgrade.faultline.test';
const API_ROUTE = `apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: faultline-api, namespace: default}
spec:
  entryPoints: [web]
  routes:
    - {match: Host(\`${API_HOST}\`), kind: Rule, services: [{kind: TraefikService, name: api@internal}]}
`;

export interface UpgradeOptions extends BootOptions {
  readonly cases: readonly Case[];
  /** Asked when everything has been collected: whether the cluster is to be left running. */
  readonly keep: () => Promise<boolean>;
}

/** What is up, once the old release serves. */
interface Stage {
  readonly plan: UpgradePlan;
  readonly cluster: Cluster;
  readonly workload: Workload;
  readonly entries: readonly Entry[];
  readonly watch: TraefikWatch;
  readonly options: UpgradeOptions;
}

/** @throws whatever stopped it, after tearing down; the history has it as well. */
export async function upgrade(plan: UpgradePlan, options: UpgradeOptions): Promise<void> {
  const { history, signal } = options;
  const everything = new AsyncDisposableStack();
  await using _teardown = { [Symbol.asyncDispose]: () => phase(history, 'teardown', () => everything.disposeAsync()) };
  const cluster = everything.use(await phase(history, 'boot', () => boot(plan.cluster, options)));
  try {
    const { stage, seen, next } = await phase(history, 'deploy', async () => {
      const workload = everything.use(await deploy(cluster, plan.workload, { history, signal }));
      const watch = everything.use(await TraefikWatch.start(cluster.kubeconfig ?? '', history));
      const entries = await workload.entries({ signal });
      const built: Stage = { plan, cluster, workload, entries, watch, options };
      const list = await before(built);
      return { stage: built, seen: list, next: await prepareRelease(cluster, plan.next, options) };
    });
    await underTraffic(stage, seen, next);
  } finally {
    if (await options.keep()) cluster.keep();
  }
}

/** The old release: the cases are applied and asked, and the new Traefik is tried beside it. */
async function before(stage: Stage): Promise<Seen> {
  const { plan, options, watch } = stage;
  const { history, signal, cases } = options;
  for (const finding of predict(cases, plan.from, plan.to)) history.append(finding);
  await applyCases(stage);
  const seen = await step(stage, 'old', () => askList('old', cases, new Map(), listing(stage)));
  await watch.writeService('old', signal);
  if (plan.beside) await step(stage, 'beside', () => beside(stage, seen));
  else history.append({ type: 'note', level: 'info', text: 'beside: skipped, its image was not preloaded' });
  return seen;
}

async function applyCases(stage: Stage): Promise<void> {
  const { options, watch, plan } = stage;
  const kubectl = kubectlOf(stage);
  const attempts = watch.attempts;
  for (const { name, manifest } of options.cases) {
    const said = manifest.trim() === '' ? 'applied' : await kubectl.apply(manifest);
    if (said !== 'applied') options.history.append({ type: 'note', level: 'warning', text: `${name}: ${said}` });
  }
  if (options.cases.some(({ manifest }) => manifest.includes('HelmChartConfig'))) {
    await watch.untilTriedAgain(attempts, options);
    await watch.untilServes(plan.traefik.from, { signal: options.signal, withinMs: WITHIN.read });
  }
  await kubectl.apply(API_ROUTE);
  const everyApp = ['deployment', '--all', '--all-namespaces', '--for=condition=Available', '--timeout=50s'];
  await kubectl.run('wait', ...everyApp).catch((error: unknown) => {
    options.signal.throwIfAborted();
    options.history.append({ type: 'note', level: 'warning', text: `not every app is available: ${firstLine(error)}` });
  });
  await untilRead(stage, doorOf(stage), options.signal);
}

const firstLine = (error: unknown): string =>
  error instanceof Error ? error.message.split('\n').slice(0, 2).join(' ') : String(error);

async function beside(stage: Stage, seen: Seen): Promise<void> {
  const { plan, options, entries, cluster } = stage;
  const { history, signal, cases } = options;
  const node = cluster.nodes.at(-1)?.address ?? entries[0]?.address ?? '';
  const door: Door = { address: node, ...BESIDE_PORTS };
  await using _beside = await installBeside(kubectlOf(stage), plan.traefik.to, signal);
  const young = await untilRead(stage, door, signal);
  const old = await untilRead(stage, doorOf(stage), signal);
  await askList('beside', cases, seen, { ...listing(stage), door });
  history.append({ type: 'upgrade.routers', ...compareRouters(old, young) });
}

/** The Traefik behind the door has read what was applied last, and says what it makes of it. */
async function untilRead({ cluster }: Pick<Stage, 'cluster'>, door: Door, signal: AbortSignal): Promise<RawData> {
  return waitFor(
    `the Traefik at ${door.address}:${door.http} has read what was applied`,
    async (until) => {
      const reply = await ask(cluster.client, door, { host: API_HOST, path: '/api/rawdata' }, until);
      if (reply.status !== 200) return notYet(`${reply.status} ${reply.error}`);
      return done(JSON.parse(reply.body) as RawData);
    },
    { signal, withinMs: WITHIN.read, everyMs: 1_000 },
  );
}

async function underTraffic(stage: Stage, seen: Seen, next: Replacement): Promise<void> {
  const { plan, cluster, entries, watch, options } = stage;
  const { history, signal, cases } = options;
  await using open = new AsyncDisposableStack();
  using gate = new SteadyGate(history);
  const steady = await phase(history, 'steady', async () => {
    open.use(await startTraffic({ cluster, entries, host: plan.workload.host, history, signal }));
    return gate.wait('before', { signal, withinMs: WITHIN.steady });
  });
  if (!steady) return;
  await phase(history, 'measure', async () => {
    await step(stage, 'upgrade', () =>
      replaceAll(stage, next, { fault: 'fault-0', from: plan.from, traefik: plan.traefik.to }),
    );
    await watch.writeService('after', signal);
    await step(stage, 'after', () => askList('after', cases, seen, listing(stage)));
    if (plan.rollback) await back(stage, seen);
  });
  await phase(history, 'settle', () => gate.wait('after', { signal, withinMs: WITHIN.steady }));
  await phase(history, 'collect', () => open.disposeAsync());
}

/** The same way back, node by node: what comes back, and what does not. */
async function back(stage: Stage, seen: Seen): Promise<void> {
  const { plan, cluster, watch, options } = stage;
  const old = await prepareRelease(cluster, plan.cluster, options);
  await step(stage, 'rollback', () =>
    replaceAll(stage, old, { fault: 'fault-1', from: plan.to, traefik: plan.traefik.from }),
  );
  await watch.writeService('back', options.signal);
  await step(stage, 'back', () => askList('back', options.cases, seen, listing(stage)));
}

interface Change {
  readonly fault: string;
  /** The release that is left. */
  readonly from: string;
  /** The Traefik that should serve in the end. */
  readonly traefik: string;
}

/**
 * Replaces the nodes one by one, the next when the one before runs its pods again. To the history it is a fault like any
 * other: it begins with the first node, and is over when Traefik has changed, or when it is clear that it does not.
 */
async function replaceAll(stage: Stage, next: Replacement, { fault, from, traefik }: Change): Promise<void> {
  const { plan, options, workload, watch } = stage;
  const { history, signal } = options;
  const span = {
    fault,
    kind: fault === 'fault-0' ? 'upgrade' : 'rollback',
    nodes: plan.replaced,
    parameters: { from, to: next.release },
  };
  history.append({ type: 'fault.inject', edge: 'begin', ...span });
  history.append({ type: 'fault.inject', edge: 'end', ...span });
  const since = new Map<string, number>();
  for (const node of plan.replaced) {
    since.set(node, Date.parse(systemClock.wall()));
    const which = { node, from, to: next.release };
    history.append({ type: 'upgrade.node', edge: 'begin', ...which });
    const error = await next
      .replace(node, { signal })
      .then(() => readyAgain(workload, signal))
      .catch((failure: unknown) => {
        signal.throwIfAborted();
        if (!(failure instanceof DeadlineError)) throw failure;
        return failure.message;
      });
    history.append({ type: 'upgrade.node', edge: 'end', ...which, ...(error !== undefined && { error }) });
  }
  const detail = `${plan.replaced.join(', ')} run ${next.release}`;
  history.append({ type: 'fault.prove', fault, when: 'injected', state: true, effect: null, detail });
  history.append({ type: 'fault.heal', edge: 'begin', ...span });
  const lacks = await watch.untilServes(traefik, { signal, withinMs: WITHIN.settled });
  const unready = lacks ?? (await readyAgain(workload, signal));
  await untilAgain(fault, since, { ...listing(stage), kubectl: kubectlOf(stage) });
  history.append({ type: 'fault.heal', edge: 'end', ...span });
  const settled = unready === undefined ? `Traefik ${traefik} serves` : `Traefik ${traefik} does not serve: ${unready}`;
  history.append({ type: 'fault.prove', fault, when: 'healed', state: true, effect: null, detail: settled });
}

/** Its pods run again; undefined, or what was still missing: who upgrades a machine does not wait for ever either. */
async function readyAgain(workload: Workload, signal: AbortSignal): Promise<string | undefined> {
  try {
    await workload.untilReady({ signal: AbortSignal.any([signal, AbortSignal.timeout(WITHIN.read)]) });
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    return firstLine(error);
  }
}

async function step<T>({ options: { history } }: Stage, name: UpgradeStep, act: () => Promise<T>): Promise<T> {
  history.append({ type: 'upgrade.step', step: name, edge: 'begin' });
  const result = await act();
  history.append({ type: 'upgrade.step', step: name, edge: 'end' });
  return result;
}

/** Where clients reach the Traefik that serves. */
function doorOf({ entries }: Stage): Door {
  return { address: entries[0]?.address ?? '', http: 80, https: 443 };
}

const listing = (stage: Stage) => ({
  client: stage.cluster.client,
  door: doorOf(stage),
  history: stage.options.history,
  signal: stage.options.signal,
});

/** Made anew for each use: the server's container is another one after it was replaced. */
function kubectlOf({ cluster, options }: Stage): Kubectl {
  const server = cluster.nodes.find(({ role }) => role === 'server');
  if (!server) throw new Error('a cluster without a server');
  return new Kubectl(server, options.signal);
}
