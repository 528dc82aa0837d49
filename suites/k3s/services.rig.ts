/**
 * One cluster on real k3s for a suite about Services of type LoadBalancer: booted once, skipped where images are missing, and
 * emptied of a test's Services after each.
 *
 * With FAULTLINE_FINDINGS set to a folder, what was seen is written there, claim by claim.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boot, imagesAtHand, readSources, removeRun, type Cluster } from '@faultline/cluster';
import { ownImages, planCluster, type LoadBalancerName } from '@faultline/cluster/plan';
import { done, engine as connect, labelsOf, notYet, thisProcess, waitFor, type Engine } from '@faultline/control';
import { memoryHistory, systemClock } from '@faultline/history';
import { deploy } from '@faultline/workload';
import { DEFAULT_HOST } from '@faultline/workload/plan';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';

const HOUR = 3_600_000;
const { signal } = new AbortController();

export interface ServiceOptions {
  readonly port: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec?: Readonly<Record<string, unknown>>;
}

interface Finding {
  readonly claims: string;
  readonly saw: string;
}

export interface ServiceRig {
  readonly cluster: Cluster;
  kubectl(...words: readonly string[]): Promise<string>;
  /** `kubectl get`: the items. */
  list<T>(...words: readonly string[]): Promise<readonly T[]>;
  /**
   * A Service of type LoadBalancer in front of the app. Give each a name of its own: pods of one that was deleted take 30 s
   * to end, and until then count as the next one's of that name (seen).
   */
  createService(name: string, options: ServiceOptions): Promise<void>;
  addressesOf(service: string, namespace?: string): Promise<readonly string[]>;
  /** Waits until the Service has exactly these addresses. */
  untilAddresses(service: string, wanted: readonly string[], namespace?: string): Promise<void>;
  /** What the client sees: the status code, or 000. */
  asked(address: string, port: number): Promise<string>;
  untilAsked(address: string, port: number, wanted: string): Promise<void>;
  /** Waits until an event with this reason says this. @returns the message. */
  untilEvent(reason: string, words: string, namespace: string): Promise<string>;
  /** The addresses of these nodes, or of all. */
  nodeAddresses(...names: readonly string[]): readonly string[];
  /** Keeps what was seen, under the claims of the ledger that it is about. */
  saw(claims: string, what: string): void;
}

interface RigOptions {
  /** Names the run, and the label of the suite's Services. */
  readonly suite: string;
  /** Of its page, e.g. `ServiceLB, seen`. */
  readonly title: string;
  readonly loadBalancer: LoadBalancerName;
  /** What a test may have changed beside its Services is undone. */
  readonly afterEach?: (rig: ServiceRig) => Promise<void>;
}

/** Registers the suite's hooks. What it returns may be used in tests only. */
export function serviceRig({ suite, title, loadBalancer, afterEach: tidy }: RigOptions): ServiceRig {
  const run = `suite-${suite}-${systemClock.now().toString(36)}`;
  const findings: Finding[] = [];
  let engine: Engine;
  let folder: string;
  let missing: readonly string[];
  let cluster: Cluster;

  beforeAll(async () => {
    engine = await connect();
    folder = await mkdtemp(join(tmpdir(), 'faultline-suite-'));
    const sources = await readSources(join(import.meta.dirname, '../../libs/workload/src/app'));
    const { tools, userlist: app } = ownImages(sources);
    const plan = planCluster(
      { substrate: 'k3s', servers: 1, agents: 2, backend: 'vxlan', loadBalancer },
      { tools, app, subnet: null },
    );
    ({ missing } = await imagesAtHand(engine, plan.images));
    if (missing.length > 0) return;
    const history = memoryHistory();
    const labels = labelsOf(run, thisProcess(), { expires: Date.parse(systemClock.wall()) + HOUR });
    cluster = await boot(plan, { engine, history, signal, run, folder, labels });
    await deploy(cluster, { app, replicas: 3, host: DEFAULT_HOST, place: 'spread' }, { history, signal });
  });
  afterAll(async () => {
    await removeRun(engine, run);
    await rm(folder, { recursive: true });
    if (missing.length === 0) await writeFindings(title, cluster.versions['k3s'] ?? '', findings);
  });
  beforeEach(({ skip }) => {
    if (missing.length > 0) skip(`not in the engine: ${missing.join(', ')}`);
  });
  const rig = rigOf(suite, () => cluster, findings);
  afterEach(async () => {
    if (missing.length > 0) return;
    await rig.kubectl('delete', 'services', '--selector', `suite=${suite}`, '--wait=true', '--ignore-not-found');
    await tidy?.(rig);
  });
  return rig;
}

/** @param ask whether it is so, and what it is. */
function until(what: string, withinMs: number, ask: () => Promise<readonly [boolean, string]>): Promise<void> {
  return waitFor(
    what,
    async () => {
      const [isSo, seen] = await ask();
      return isSo ? done(undefined) : notYet(seen);
    },
    { signal, withinMs, everyMs: 500 },
  );
}

function rigOf(suite: string, cluster: () => Cluster, findings: Finding[]): ServiceRig {
  const inServer = (argv: readonly string[], input?: string) =>
    cluster().nodes[0]!.exec(argv, { signal, ...(input !== undefined && { input }) });
  const rig: ServiceRig = {
    get cluster() {
      return cluster();
    },
    kubectl: async (...words) => (await inServer(['kubectl', ...words])).stdout,
    list: async <T>(...words: readonly string[]) =>
      (JSON.parse(await rig.kubectl('get', ...words, '--output=json')) as { readonly items: readonly T[] }).items,
    async createService(name, { port, labels, annotations, spec }) {
      const service = {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, labels: { suite, ...labels }, ...(annotations && { annotations }) },
        spec: {
          type: 'LoadBalancer',
          selector: { 'app.kubernetes.io/name': 'userlist' },
          ports: [{ port, targetPort: 8181 }],
          ...spec,
        },
      };
      await inServer(['kubectl', 'apply', '-f', '-'], JSON.stringify(service));
    },
    async addressesOf(service, namespace = 'default') {
      const path = 'jsonpath={.status.loadBalancer.ingress[*].ip}';
      const text = await rig.kubectl('get', 'service', service, '--namespace', namespace, '--output', path);
      return text.split(' ').filter(Boolean);
    },
    untilAddresses: (service, wanted, namespace) =>
      until(`the Service ${service} has ${wanted.join(', ') || 'no address'}`, 120_000, async () => {
        const seen = await rig.addressesOf(service, namespace);
        if (seen.toSorted().join() === wanted.toSorted().join()) return [true, ''];
        const of = `--field-selector=involvedObject.name=${service}`;
        const events = await rig.list<{ message?: string }>('events', `--namespace=${namespace ?? 'default'}`, of);
        return [false, `${seen.join(', ') || 'none'}; ${events.map(({ message }) => message).join('; ')}`];
      }),
    async asked(address, port) {
      const argv = ['curl', '--silent', '--output', '/dev/null', '--max-time', '2', '--write-out', '%{http_code}'];
      return (await cluster().client.exec([...argv, `http://${address}:${port}/healthz`], { signal, accept: 'any' }))
        .stdout;
    },
    untilAsked: (address, port, wanted) =>
      until(`${address}:${port} gives ${wanted}`, 30_000, async () => {
        const seen = await rig.asked(address, port);
        return [seen === wanted, seen];
      }),
    async untilEvent(reason, words, namespace) {
      let found = '';
      await until(`an event ${reason} says "${words}"`, 60_000, async () => {
        const selector = `--field-selector=reason=${reason}`;
        const events = await rig.list<{ message?: string }>('events', `--namespace=${namespace}`, selector);
        found = events.find(({ message }) => message?.includes(words))?.message ?? '';
        return [found !== '', events.at(-1)?.message ?? 'no such event'];
      });
      return found;
    },
    nodeAddresses: (...names) =>
      cluster()
        .nodes.filter(({ name }) => names.length === 0 || names.includes(name))
        .map(({ address }) => address),
    saw: (claims, what) => void findings.push({ claims, saw: what }),
  };
  return rig;
}

async function writeFindings(title: string, k3s: string, findings: readonly Finding[]): Promise<void> {
  const target = process.env['FAULTLINE_FINDINGS'];
  if (!target || findings.length === 0) return;
  await mkdir(target, { recursive: true });
  const rows = findings.map(({ claims, saw: what }) => `| ${claims} | ${what} |`);
  const head = [`# ${title}`, '', `On ${k3s}, 1 server and 2 agents, at ${systemClock.wall()}.`, ''];
  const table = ['| claims | seen |', '| --- | --- |', ...rows, ''];
  await writeFile(join(target, 'summary.md'), [...head, ...table].join('\n'));
  await writeFile(join(target, 'findings.json'), `${JSON.stringify({ k3s, findings }, null, 2)}\n`);
}
