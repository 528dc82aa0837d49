/** The workload on the bare substrate: who answers, through the address that clients use. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boot, removeRun, type Cluster } from '@faultline/cluster';
import { planCluster, toolsImage } from '@faultline/cluster/plan';
import { engine as connect, labelsOf, thisProcess, type Engine } from '@faultline/control';
import { memoryHistory, systemClock } from '@faultline/history';
import { deploy, type Workload } from '@faultline/workload';
import { DEFAULT_HOST, ECHO_PORT } from '@faultline/workload/plan';
import { afterAll, beforeAll, expect, test } from 'vitest';

const HOUR = 3_600_000;
const { signal } = new AbortController();
const history = memoryHistory();
const run = `suite-workload-${systemClock.now().toString(36)}`;
const spec = { app: 'faultline/userlist:this-checkout', replicas: 6, host: DEFAULT_HOST, place: 'spread' } as const;

let engine: Engine;
let folder: string;
let cluster: Cluster;
let workload: Workload;

beforeAll(async () => {
  engine = await connect();
  folder = await mkdtemp(join(tmpdir(), 'faultline-suite-'));
  const plan = planCluster(
    { substrate: 'bare', servers: 1, agents: 2, backend: 'vxlan', loadBalancer: 'keepalived' },
    { tools: toolsImage(), app: spec.app, subnet: null },
  );
  const labels = labelsOf(run, thisProcess(), { expires: Date.parse(systemClock.wall()) + HOUR });
  cluster = await boot(plan, { engine, history, signal, run, folder, labels });
  workload = await deploy(cluster, spec, { history, signal });
});
afterAll(async () => {
  await removeRun(engine, run);
  await rm(folder, { recursive: true });
});

interface Answer {
  readonly status: string;
  readonly answeredBy: string;
  readonly body: string;
}

/** One GET from the client on the LAN, on a new connection. */
async function get(path: string, headers: readonly string[] = [`Host: ${DEFAULT_HOST}`]): Promise<Answer> {
  const [entry] = await workload.entries({ signal });
  const format = '\n%{http_code} %header{x-answered-by}';
  const { stdout } = await cluster.client.exec(
    [
      'curl',
      '--silent',
      '--max-time',
      '5',
      '--write-out',
      format,
      ...headers.flatMap((one) => ['--header', one]),
      `http://${entry?.address}${path}`,
    ],
    { signal },
  );
  const end = stdout.lastIndexOf('\n');
  const [status = '', answeredBy = ''] = stdout.slice(end + 1).split(' ');
  return { status, answeredBy, body: stdout.slice(0, end) };
}

async function times<T>(count: number, act: () => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  for (let index = 0; index < count; index++) all.push(await act());
  return all;
}

test('the stages of a deployment are in the history, in their order', () => {
  const names = history.events.flatMap((event) => (event.type === 'stage' ? [event.name] : []));
  expect(names.slice(-3)).toEqual(['app-ready', 'ingress-address', 'first-200']);
});

test('every node runs two endpoints, each in a network namespace of its own', async () => {
  const endpoints = await workload.endpoints({ signal });
  expect(endpoints.map(({ pod, node }) => `${pod} ${node}`)).toEqual([
    'userlist-0 server-0',
    'userlist-1 agent-0',
    'userlist-2 agent-1',
    'userlist-3 server-0',
    'userlist-4 agent-0',
    'userlist-5 agent-1',
  ]);
  for (const { node, netns, address, port } of endpoints) {
    const side = cluster.nodes.find(({ name }) => name === node)?.side;
    const { stdout } = await side!.exec(
      ['nsenter', `--net=/proc/1/root${netns}`, '--', 'ip', '-br', 'address', 'show', 'eth0'],
      { signal },
    );
    expect(stdout).toContain(`${address}/24`);
    expect(port).toBe(8181);
  }
});

test('clients use the virtual address, and every node runs the Ingress', async () => {
  expect(await workload.entries({ signal })).toEqual([{ address: cluster.virtualAddress, port: 80, node: undefined }]);
  expect(await workload.ingressNodes({ signal })).toEqual(['server-0', 'agent-0', 'agent-1']);
});

test('of 42 requests each endpoint answers seven, in turns', async () => {
  const answers = await times(42, () => get('/users/1'));
  const counts = Map.groupBy(answers, ({ answeredBy }) => answeredBy);
  const endpoints = await workload.endpoints({ signal });
  expect([...counts.keys()].toSorted()).toEqual(endpoints.map(({ pod, node }) => `${pod}@${node}`).toSorted());
  expect([...counts.values()].map(({ length }) => length)).toEqual([7, 7, 7, 7, 7, 7]);
  for (const { status, answeredBy, body } of answers) {
    expect(status).toBe('200');
    expect((JSON.parse(body) as { name: string }).name).toBe(`Noemi ${answeredBy.split('@')[0]}`);
  }
});

test('another host is 404, and so is none', async () => {
  const answers = await Promise.all([
    get('/users/1', ['Host: elsewhere.test']),
    get('/users/1', []),
    get('/users/1', ['Host: x.userlist.faultline.test']),
  ]);
  expect(answers.map(({ status, answeredBy }) => [status, answeredBy])).toEqual([
    ['404', ''],
    ['404', ''],
    ['404', ''],
  ]);
});

test('the host may name the port', async () => {
  expect((await get('/users/1', [`Host: ${DEFAULT_HOST}:80`])).status).toBe('200');
});

test("the app is told the client's own address and the request id", async () => {
  const { body } = await get('/whoami', [`Host: ${DEFAULT_HOST}`, 'x-request-id: r-7']);
  expect(JSON.parse(body)).toMatchObject({ forwardedFor: cluster.client.address, requestId: 'r-7' });
});

test('every pod echoes UDP, at its own address alone: the Ingress carries none', async () => {
  expect(workload.echoPort).toBeUndefined();
  const [node] = cluster.nodes;
  const ask = `const socket = require('node:dgram').createSocket('udp4');
    socket.on('message', (answer) => { process.stdout.write(answer.toString()); socket.close(); });
    socket.send('hello', ${ECHO_PORT}, process.argv[1]);
    setTimeout(() => process.exit(1), 2000).unref();`;
  for (const { pod, node: on, address } of await workload.endpoints({ signal })) {
    const { stdout } = await node!.exec(['node', '-e', ask, address], { signal });
    expect(stdout).toBe(`hello ${pod}@${on}`);
  }
});

test('pods have no more rights than in the image', async () => {
  const [node] = cluster.nodes;
  const { stdout } = await node!.exec(['ps', '-e', '-o', 'uid=,args='], { signal });
  const users = stdout
    .split('\n')
    .flatMap((line) => (line.endsWith('node /app/main.ts') ? [line.trim().split(/\s+/)[0]] : []));
  expect(users).toEqual(['65532', '65532']);
});

test('the endpoints of a killed node cost no request, are no endpoints, and are back with it', async () => {
  const onIt = async () =>
    (await workload.endpoints({ signal })).filter(({ node }) => node === 'agent-1').map(({ pod }) => pod);
  const killed = cluster.nodes.find(({ name }) => name === 'agent-1');
  await engine.getContainer(killed!.container).kill();
  const answers = await times(30, () => get('/users/1'));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(['200']));
  expect(new Set(answers.map(({ answeredBy }) => answeredBy.split('@')[1]))).toEqual(new Set(['server-0', 'agent-0']));
  expect(await onIt()).toEqual([]);

  await engine.getContainer(killed!.container).start();
  await cluster.revive('agent-1', { signal });
  await workload.untilReady({ signal });
  expect(await onIt()).toEqual(['userlist-2', 'userlist-5']);
  await expect.poll(async () => (await get('/users/1')).answeredBy, { timeout: 10_000 }).toMatch(/@agent-1$/);
});

test('deployed again with other replicas, it is that', async () => {
  workload = await deploy(cluster, { ...spec, replicas: 2 }, { history, signal });
  expect((await workload.endpoints({ signal })).map(({ pod }) => pod)).toEqual(['userlist-0', 'userlist-1']);
  const answers = await times(4, () => get('/users/1'));
  expect(new Set(answers.map(({ answeredBy }) => answeredBy))).toEqual(
    new Set(['userlist-0@server-0', 'userlist-1@agent-0']),
  );
});

test('removed, nobody answers', async () => {
  await workload.remove({ signal });
  expect(await workload.endpoints({ signal })).toEqual([]);
  expect((await get('/users/1')).status).toBe('503');
});

test('a deployment that is aborted ends at once, with the reason', async () => {
  const started = performance.now();
  const aborted = deploy(cluster, spec, { history, signal: AbortSignal.timeout(150) });
  await expect(aborted).rejects.toThrow('due to timeout');
  expect(performance.now() - started).toBeLessThan(2000);
});

test('what cannot be is refused before anything is touched', async () => {
  const refused = deploy(cluster, { ...spec, app: 'ssongman/userlist:v1' }, { history, signal });
  await expect(refused).rejects.toThrow('Allowed on the substrate bare: faultline/userlist alone');
});
