/** The workload on real k3s: spread over the nodes, found by clients through Traefik, changed and removed without a trace. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boot, imagesAtHand, readSources, removeRun, type Cluster } from '@faultline/cluster';
import { ownImages, planCluster } from '@faultline/cluster/plan';
import {
  done,
  engine as connect,
  labelsOf,
  notYet,
  onAll,
  thisProcess,
  waitFor,
  type Engine,
} from '@faultline/control';
import { memoryHistory, systemClock } from '@faultline/history';
import { deploy, type Workload } from '@faultline/workload';
import { DEFAULT_HOST, ECHO_PORT } from '@faultline/workload/plan';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

const HOUR = 3_600_000;
const { signal } = new AbortController();
const history = memoryHistory();
const run = `suite-workload-${systemClock.now().toString(36)}`;

let engine: Engine;
let folder: string;
let missing: readonly string[];
let app: string;
let cluster: Cluster;
let workload: Workload;

beforeAll(async () => {
  engine = await connect();
  folder = await mkdtemp(join(tmpdir(), 'faultline-suite-'));
  const own = ownImages(await readSources(join(import.meta.dirname, '../../libs/workload/src/app')));
  app = own.userlist;
  const plan = planCluster(
    { substrate: 'k3s', servers: 1, agents: 1, backend: 'vxlan', loadBalancer: 'servicelb' },
    { tools: own.tools, app, subnet: null },
  );
  ({ missing } = await imagesAtHand(engine, plan.images));
  if (missing.length > 0) return;
  const labels = labelsOf(run, thisProcess(), { expires: Date.parse(systemClock.wall()) + HOUR });
  cluster = await boot(plan, { engine, history, signal, run, folder, labels });
  workload = await deploy(cluster, { app, replicas: 4, host: DEFAULT_HOST, place: 'spread' }, { history, signal });
});
afterAll(async () => {
  await removeRun(engine, run);
  await rm(folder, { recursive: true });
});
beforeEach(({ skip }) => {
  if (missing.length > 0) skip(`not in the engine: ${missing.join(', ')}`);
});

interface Answer {
  readonly status: string;
  readonly answeredBy: string;
  readonly body: string;
}

/** One GET from the client on the LAN, on a new connection. */
async function get(address: string, path: string, host = DEFAULT_HOST): Promise<Answer> {
  const format = '\n%{http_code} %header{x-answered-by}';
  const url = `http://${address}${path}`;
  const curl = ['curl', '--silent', '--max-time', '5', '--write-out', format, '--header', `Host: ${host}`, url];
  const { stdout } = await cluster.client.exec(curl, { signal, accept: 'any' });
  const end = stdout.lastIndexOf('\n');
  const [status = '', answeredBy = ''] = stdout.slice(end + 1).split(' ');
  return { status, answeredBy, body: stdout.slice(0, end) };
}

/** Who answers twenty requests through an address. */
async function answerers(address: string): Promise<readonly string[]> {
  const seen = new Set<string>();
  for (let index = 0; index < 20; index++) {
    const { status, answeredBy } = await get(address, '/users/1');
    expect(status).toBe('200');
    seen.add(answeredBy);
  }
  return [...seen].toSorted();
}

const endpointNames = async () =>
  (await workload.endpoints({ signal })).map(({ pod, node }) => `${pod}@${node}`).toSorted();

test('the stages of a deployment are in the history', () => {
  const names = history.events.flatMap((event) => (event.type === 'stage' ? [event.name] : []));
  expect(names.slice(-3).toSorted()).toEqual(['app-ready', 'first-200', 'ingress-address']);
  expect(names.at(-1)).toBe('first-200');
});

test('every node runs the same number of endpoints', async () => {
  const nodes = (await workload.endpoints({ signal })).map(({ node }) => node);
  expect(nodes.toSorted()).toEqual(['agent-0', 'agent-0', 'server-0', 'server-0']);
});

test("the path of an endpoint's network namespace leads to the pod, from the side-car", async () => {
  for (const { node, netns, address } of await workload.endpoints({ signal })) {
    const side = cluster.nodes.find(({ name }) => name === node)?.side;
    const enter = ['nsenter', `--net=/proc/1/root${netns}`, '--', 'ip', '-br', 'address', 'show', 'eth0'];
    expect((await side!.exec(enter, { signal })).stdout).toContain(`${address}/24`);
  }
});

test('every node has an address, one of them runs the Ingress controller', async () => {
  const entries = await workload.entries({ signal });
  const wanted = cluster.nodes.map(({ name, address }) => ({ address, port: 80, node: name }));
  expect(entries.toSorted((a, b) => a.address.localeCompare(b.address))).toEqual(wanted);
  const nodes = await workload.ingressNodes({ signal });
  expect(nodes).toHaveLength(1);
  expect(wanted.map(({ node }) => node)).toContain(nodes[0]);
});

test('through each address every endpoint answers, and its name is in the answer', async () => {
  const endpoints = await endpointNames();
  for (const { address } of await workload.entries({ signal })) {
    expect(await answerers(address)).toEqual(endpoints);
  }
  const { answeredBy, body } = await get(cluster.nodes[0]!.address, '/users/1');
  expect((JSON.parse(body) as { name: string }).name).toBe(`Noemi ${answeredBy.split('@')[0]}`);
});

test('UDP comes back from every endpoint, through each address', async () => {
  expect(workload.echoPort).toBe(ECHO_PORT);
  const ask = `const { createSocket } = require('node:dgram');
    for (let asked = 0; asked < 30; asked++) {
      const socket = createSocket('udp4');
      socket.on('message', (answer) => { process.stdout.write(answer + '\\n'); socket.close(); });
      socket.send('hello', ${ECHO_PORT}, process.argv[1]);
    }
    setTimeout(() => process.exit(1), 3000).unref();`;
  const endpoints = await endpointNames();
  for (const { address } of await workload.entries({ signal })) {
    const { stdout } = await cluster.client.exec(['node', '-e', ask, address], { signal, accept: 'any' });
    const answers = stdout.trim().split('\n');
    expect(answers).toHaveLength(30);
    expect([...new Set(answers)].toSorted()).toEqual(endpoints.map((name) => `hello ${name}`));
  }
});

test('it is ready as long as nothing is taken away', async () => {
  await workload.untilReady({ signal: AbortSignal.timeout(20_000) });
});

test('another host is 404', async () => {
  const { status, answeredBy } = await get(cluster.nodes[0]!.address, '/users/1', 'elsewhere.test');
  expect([status, answeredBy]).toEqual(['404', '']);
});

test('another image is rolled out, ready by its port, and no request is lost', async () => {
  const other = 'suite.test/app:1';
  await onAll(cluster.nodes, (node) => node.exec(['ctr', 'images', 'tag', `docker.io/${app}`, other], { signal }));
  const before = await endpointNames();
  const statuses: string[] = [];
  const rolled = new AbortController();
  const asking = (async () => {
    while (!rolled.signal.aborted) statuses.push((await get(cluster.nodes[0]!.address, '/users/1')).status);
  })();
  try {
    workload = await deploy(
      cluster,
      { app: other, replicas: 4, host: DEFAULT_HOST, place: 'spread' },
      { history, signal },
    );
  } finally {
    rolled.abort();
    await asking;
  }
  expect(new Set(statuses)).toEqual(new Set(['200']));
  const after = await endpointNames();
  expect(after.filter((name) => before.includes(name))).toEqual([]);
  expect(after.map((name) => name.split('@')[1])).toEqual(expect.arrayContaining(['server-0', 'agent-0']));
});

test('removed, its host is 404 and its pods are gone', async () => {
  await workload.remove({ signal });
  expect(await workload.endpoints({ signal })).toEqual([]);
  await waitFor(
    '404',
    async () => {
      const { status } = await get(cluster.nodes[0]!.address, '/users/1');
      return status === '404' ? done(undefined) : notYet(status);
    },
    { signal, withinMs: 10_000 },
  );
  await workload.remove({ signal });
});
