/**
 * What ServiceLB does with Services and node labels, on real k3s: names, addresses, taken ports, pools, source ranges.
 *
 * With FAULTLINE_FINDINGS set to a folder, what was seen is written there, claim by claim.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boot, imagesAtHand, readSources, removeRun, type Cluster } from '@faultline/cluster';
import { ownImages, planCluster } from '@faultline/cluster/plan';
import {
  done,
  elapse,
  engine as connect,
  labelsOf,
  notYet,
  thisProcess,
  waitFor,
  type Engine,
} from '@faultline/control';
import { memoryHistory, systemClock } from '@faultline/history';
import { deploy } from '@faultline/workload';
import { DEFAULT_HOST } from '@faultline/workload/plan';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

const HOUR = 3_600_000;
const { signal } = new AbortController();
const run = `suite-servicelb-${systemClock.now().toString(36)}`;
const PREFIX = 'svccontroller.k3s.cattle.io';

let engine: Engine;
let folder: string;
let missing: readonly string[];
let cluster: Cluster;

beforeAll(async () => {
  engine = await connect();
  folder = await mkdtemp(join(tmpdir(), 'faultline-suite-'));
  const { tools, userlist: app } = ownImages(
    await readSources(join(import.meta.dirname, '../../libs/workload/src/app')),
  );
  const plan = planCluster(
    { substrate: 'k3s', servers: 1, agents: 2, backend: 'vxlan', loadBalancer: 'servicelb' },
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
  await writeFindings();
});
beforeEach(({ skip }) => {
  if (missing.length > 0) skip(`not in the engine: ${missing.join(', ')}`);
});
/**
 * Services of a test, and the labels that it put on nodes, go with it. Each has a name of its own: pods of a Service that was
 * deleted take 30 s to end, and until then their addresses count as those of the next one of that name (seen).
 */
afterEach(async () => {
  if (missing.length > 0) return;
  await kubectl('delete', 'services', '--selector', 'suite=servicelb', '--wait=true', '--ignore-not-found');
  await kubectl('label', 'nodes', '--all', `${PREFIX}/enablelb-`, `${PREFIX}/lbpool-`);
});

const kubectl = async (...words: readonly string[]): Promise<string> =>
  (await cluster.nodes[0]!.exec(['kubectl', ...words], { signal })).stdout;

interface Listed<T> {
  readonly items: readonly T[];
}
interface Named {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

const list = async <T>(...words: readonly string[]): Promise<readonly T[]> =>
  (JSON.parse(await kubectl('get', ...words, '--output=json')) as Listed<T>).items;

interface ServiceOptions {
  readonly port: number;
  readonly pool?: string;
  readonly spec?: Readonly<Record<string, unknown>>;
}

async function createService(name: string, { port, pool, spec }: ServiceOptions): Promise<void> {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, labels: { suite: 'servicelb', ...(pool !== undefined && { [`${PREFIX}/lbpool`]: pool }) } },
    spec: {
      type: 'LoadBalancer',
      selector: { 'app.kubernetes.io/name': 'userlist' },
      ports: [{ port, targetPort: 8181 }],
      ...spec,
    },
  };
  await cluster.nodes[0]!.exec(['kubectl', 'apply', '-f', '-'], { signal, input: JSON.stringify(service) });
}

async function addressesOf(service: string, namespace = 'default'): Promise<readonly string[]> {
  const path = 'jsonpath={.status.loadBalancer.ingress[*].ip}';
  const text = await kubectl('get', 'service', service, '--namespace', namespace, '--output', path);
  return text.split(' ').filter(Boolean);
}

/** Waits until the Service has exactly these addresses. */
const untilAddresses = (service: string, wanted: readonly string[], namespace?: string): Promise<void> =>
  waitFor(
    `the Service ${service} has ${wanted.join(', ') || 'no address'}`,
    async () => {
      const seen = await addressesOf(service, namespace);
      return seen.toSorted().join() === wanted.toSorted().join() ? done(undefined) : notYet(seen.join(', ') || 'none');
    },
    { signal, withinMs: 60_000, everyMs: 500 },
  );

/** What the client sees: the status code, or why there is none. */
async function asked(address: string, port: number): Promise<string> {
  const argv = ['curl', '--silent', '--output', '/dev/null', '--max-time', '2', '--write-out', '%{http_code}'];
  const { stdout } = await cluster.client.exec([...argv, `http://${address}:${port}/healthz`], {
    signal,
    accept: 'any',
  });
  return stdout;
}

const untilAsked = (address: string, port: number, wanted: string): Promise<void> =>
  waitFor(
    `${address}:${port} gives ${wanted}`,
    async () => {
      const seen = await asked(address, port);
      return seen === wanted ? done(undefined) : notYet(seen);
    },
    { signal, withinMs: 30_000, everyMs: 500 },
  );

const label = (node: string, ...labels: readonly string[]) =>
  kubectl('label', 'node', node, '--overwrite', ...labels.map((one) => `${PREFIX}/${one}`));

const nodeAddresses = (...names: readonly string[]): readonly string[] =>
  cluster.nodes.filter(({ name }) => names.length === 0 || names.includes(name)).map(({ address }) => address);

interface Finding {
  readonly claims: string;
  readonly saw: string;
}
const findings: Finding[] = [];
const saw = (claims: string, what: string): void => void findings.push({ claims, saw: what });

async function writeFindings(): Promise<void> {
  const target = process.env['FAULTLINE_FINDINGS'];
  if (!target || findings.length === 0) return;
  await mkdir(target, { recursive: true });
  const k3s = missing.length > 0 ? '' : (cluster.versions['k3s'] ?? '');
  const rows = findings.map(({ claims, saw: what }) => `| ${claims} | ${what} |`);
  const head = ['# ServiceLB, seen', '', `On ${k3s}, 1 server and 2 agents, at ${systemClock.wall()}.`, ''];
  const table = ['| claims | seen |', '| --- | --- |', ...rows, ''];
  await writeFile(join(target, 'summary.md'), [...head, ...table].join('\n'));
  await writeFile(join(target, 'findings.json'), `${JSON.stringify({ k3s, findings }, null, 2)}\n`);
}

test('one DaemonSet a Service, called by the Service and the begin of its uid', async () => {
  const [service] = await list<Named>('services', '--namespace=kube-system', '--field-selector=metadata.name=traefik');
  const found = await list<Named>('daemonsets', '--namespace=kube-system', `--selector=${PREFIX}/svcname=traefik`);
  expect(found.map(({ metadata }) => metadata.name)).toEqual([`svclb-traefik-${service?.metadata.uid.slice(0, 8)}`]);
  saw('A22, A23', `DaemonSet ${found[0]?.metadata.name} with the label ${PREFIX}/svcname=traefik`);
});

test("the status lists every node's address", async () => {
  await untilAddresses('traefik', nodeAddresses(), 'kube-system');
  const seen = await addressesOf('traefik', 'kube-system');
  expect(seen).toEqual(seen.toSorted());
  saw('A32, A33', `${seen.join(', ')}: each node's own, sorted`);
});

test('a second Service on another port gets every address too', async () => {
  await createService('on-8080', { port: 8080 });
  await untilAddresses('on-8080', nodeAddresses());
  await untilAsked(nodeAddresses()[1]!, 8080, '200');
  saw('A28', 'a second Service on port 8080 got every node, and answered 200');
});

test('a second Service on port 80 stays pending while the first keeps serving, and gets its addresses when the port is free', async () => {
  await createService('on-80', { port: 80 });
  const events = () =>
    list<{ message?: string }>('events', '--namespace=kube-system', '--field-selector=reason=FailedScheduling');
  await waitFor(
    'the scheduler says why',
    async () => {
      const said = (await events()).find(({ message }) => message?.includes("didn't have free ports"));
      return said ? done(undefined) : notYet('no such event');
    },
    { signal, withinMs: 60_000, everyMs: 500 },
  );
  // Pending is no state that comes: it is one that lasts.
  await elapse(20_000, signal);
  expect(await addressesOf('on-80')).toEqual([]);
  expect(await asked(nodeAddresses()[0]!, 80)).toBe('404');
  saw('A27', "pending for 20 s, FailedScheduling: didn't have free ports; the first Service answered meanwhile");
});

test('loadBalancerSourceRanges lets in whom it names, and nobody else', async () => {
  const [address = ''] = nodeAddresses('agent-0');
  await createService('mine', { port: 8081, spec: { loadBalancerSourceRanges: [`${cluster.client.address}/32`] } });
  await createService('others', { port: 8082, spec: { loadBalancerSourceRanges: ['203.0.113.7/32'] } });
  await untilAddresses('others', nodeAddresses());
  await untilAsked(address, 8081, '200');
  expect(await asked(address, 8082)).toBe('000');
  saw('A40', 'the named client got 200, another range the same client: no answer');
});

test('enablelb on a node makes an allow-list, which neither its removal nor touching the Service undoes', async () => {
  await createService('listed', { port: 8080 });
  await untilAddresses('listed', nodeAddresses());
  await label('agent-0', 'enablelb=true');
  await untilAddresses('listed', nodeAddresses('agent-0'));
  await kubectl('label', 'node', 'agent-0', `${PREFIX}/enablelb-`);
  await elapse(15_000, signal);
  const later = await addressesOf('listed');
  saw('A35, A36', `enablelb=true on agent-0: its address alone; 15 s after the label was removed: ${later.join(', ')}`);
  expect(later).toEqual(nodeAddresses('agent-0'));
  await kubectl('annotate', 'service', 'listed', 'faultline.test/touched=true');
  await elapse(15_000, signal);
  const touched = await addressesOf('listed');
  expect(touched).toEqual(nodeAddresses('agent-0'));
  await kubectl('delete', 'service', 'listed', '--wait=true');
  await createService('listed', { port: 8080 });
  await untilAddresses('listed', nodeAddresses());
  saw('A36, corrected', `15 s after the Service was touched still ${touched.join(', ')}; deleted and made anew: all`);
});

test('pools split the nodes when nodes are labelled before the Services exist', async () => {
  await label('agent-0', 'enablelb=true', 'lbpool=a');
  await label('agent-1', 'enablelb=true', 'lbpool=b');
  await createService('in-a', { port: 8443, pool: 'a' });
  await createService('in-b', { port: 8443, pool: 'b' });
  await untilAddresses('in-a', nodeAddresses('agent-0'));
  await untilAddresses('in-b', nodeAddresses('agent-1'));
  saw('A37', 'labels first: two Services share port 8443, each on the node of its pool');
});

test('pools are not honoured by Services that were there before the labels, until they are touched', async () => {
  await createService('in-a', { port: 8443, pool: 'a' });
  // No node is labelled yet: pools are for later.
  await untilAddresses('in-a', nodeAddresses());
  await label('agent-0', 'enablelb=true', 'lbpool=a');
  await label('agent-1', 'enablelb=true', 'lbpool=b');
  await untilAddresses('in-a', nodeAddresses('agent-0', 'agent-1'));
  await elapse(15_000, signal);
  const untouched = await addressesOf('in-a');
  expect(untouched).toHaveLength(2);
  await kubectl('annotate', 'service', 'in-a', 'faultline.test/touched=true');
  await untilAddresses('in-a', nodeAddresses('agent-0'));
  saw('A37', `Service first, labels later: ${untouched.join(', ') || 'no address'}; touched: the node of its pool`);
});
