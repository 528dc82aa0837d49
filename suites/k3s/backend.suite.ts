/**
 * Every backend on real k3s: its golden data plane on every node, what a stale entry looks like, the refusal of those that
 * k3s no longer has, and a CNI of one's own.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  boot,
  checkGolden,
  imagesAtHand,
  lackingFeatures,
  readSources,
  removeRun,
  type Cluster,
  type ClusterNode,
} from '@faultline/cluster';
import {
  backends,
  DEFAULT_K3S,
  k3sNodeImage,
  ownImages,
  planCluster,
  removedBackends,
  type BackendName,
  type ClusterPlan,
  type OwnImages,
} from '@faultline/cluster/plan';
import { done, engine as connect, labelsOf, notYet, thisProcess, waitFor, type Engine } from '@faultline/control';
import { memoryHistory, systemClock, type EventOf } from '@faultline/history';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { execa } from 'execa';
import { FAULTLINE } from '../conduct.ts';

const HOUR = 3_600_000;
const { signal } = new AbortController();
const PLAIN = join(import.meta.dirname, '../../docs/cni/plain.yaml');

let engine: Engine;
let folder: string;
let own: OwnImages;
let missing: readonly string[];
const runs: string[] = [];

async function planOf(backend: BackendName): Promise<ClusterPlan> {
  const cni = backend === 'none' ? { name: 'plain.yaml', manifest: await readFile(PLAIN, 'utf8') } : undefined;
  return planCluster(
    { substrate: 'k3s', servers: 1, agents: 2, backend, loadBalancer: 'servicelb', ...(cni && { cni }) },
    { tools: own.tools, app: own.userlist, subnet: null },
  );
}

beforeAll(async () => {
  engine = await connect();
  folder = await mkdtemp(join(tmpdir(), 'faultline-suite-'));
  own = ownImages(await readSources(join(import.meta.dirname, '../../libs/workload/src/app')));
  ({ missing } = await imagesAtHand(engine, (await planOf('none')).images));
});
beforeEach(({ skip }) => {
  if (missing.length > 0) skip(`not in the engine: ${missing.join(', ')}`);
});
afterEach(async () => {
  for (const run of runs.splice(0)) await removeRun(engine, run);
});
afterAll(() => rm(folder, { recursive: true }));

async function bootWith(backend: BackendName): Promise<Cluster> {
  const run = `suite-${backend}-${systemClock.now().toString(36)}`;
  runs.push(run);
  const labels = labelsOf(run, thisProcess(), { expires: Date.parse(systemClock.wall()) + HOUR });
  const place = { folder: await mkdtemp(join(folder, 'run-')), labels, run };
  return boot(await planOf(backend), { engine, history: memoryHistory(), signal, ...place });
}

type Golden = EventOf<'golden'>;

/** What differs on each node; at once or after as long as is given. */
async function compared(cluster: Cluster, withinMs = 15_000): Promise<readonly Golden[]> {
  const history = memoryHistory();
  await checkGolden(cluster, 'booted', { history, signal, withinMs });
  return history.events.filter((event): event is Golden => event.type === 'golden');
}

const differing = (golden: readonly Golden[]): object =>
  Object.fromEntries(golden.map(({ node, missing: lacks, extra }) => [node, { lacks, extra }]));

const whole = (cluster: Cluster): object =>
  Object.fromEntries(cluster.nodes.map(({ name }) => [name, { lacks: [], extra: [] }]));

const kubectl = async (cluster: Cluster, ...words: readonly string[]): Promise<string> =>
  (await cluster.nodes[0]!.exec(['kubectl', ...words], { signal })).stdout.trim();

/** A pod on each node, and its address. */
async function podsOf(cluster: Cluster): Promise<ReadonlyMap<string, string>> {
  const labels = { app: 'userlist' };
  const containers = [{ name: 'userlist', image: own.userlist }];
  const daemonSet = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'userlist' },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
  };
  await cluster.nodes[0]!.exec(['kubectl', 'apply', '-f', '-'], { signal, input: JSON.stringify(daemonSet) });
  const columns = 'jsonpath={range .items[*]}{.spec.nodeName} {.status.podIP} {.status.phase}{"\\n"}{end}';
  return waitFor(
    'a pod runs on every node',
    async () => {
      const said = await kubectl(cluster, 'get', 'pods', '-l', 'app=userlist', '-o', columns);
      const pods = said.split('\n').map((line) => line.split(' '));
      const run = pods.filter(([, address, phase]) => address && phase === 'Running');
      const addresses = new Map(run.map(([node = '', address = '']) => [node, address]));
      return addresses.size === cluster.nodes.length ? done(addresses) : notYet(said);
    },
    { signal, withinMs: 90_000, everyMs: 500 },
  );
}

async function everyNodeReachesEveryPod(cluster: Cluster): Promise<void> {
  const pods = await podsOf(cluster);
  for (const node of cluster.nodes) {
    for (const [at, address] of pods) {
      const { stdout } = await node.side.exec(['ping', '-c', '1', '-W', '2', address], { signal, accept: 'any' });
      expect(stdout, `${node.name} to the pod on ${at}`).toContain('1 received');
    }
  }
}

/** Starts the node's container, and waits until its node is Ready by its own word and not by an old one. */
async function untilReadyAgain(cluster: Cluster, name: string): Promise<void> {
  await engine.getContainer(cluster.nodes.find((node) => node.name === name)!.container).start();
  await cluster.revive(name, { signal });
}

/** The same node on another address: what a new lease of DHCP does to a machine. Its data is where it was. */
async function moveTo(cluster: Cluster, name: string, address: string): Promise<string> {
  const node = cluster.nodes.find((one) => one.name === name)!;
  const old = engine.getContainer(node.container);
  const { Config, HostConfig, Name } = await old.inspect();
  // With the volumes that have no name; those of its data have.
  await old.remove({ force: true, v: true });
  const moved = await engine.createContainer({
    ...Config,
    name: Name.slice(1),
    Cmd: (Config.Cmd ?? []).map((word) => (word.startsWith('--node-ip=') ? `--node-ip=${address}` : word)),
    HostConfig,
    NetworkingConfig: { EndpointsConfig: { [cluster.network.name]: { IPAMConfig: { IPv4Address: address } } } },
  });
  await moved.start();
  return moved.id;
}

/** What the kubelet was told at its last start that went well. */
const PROVIDED_ADDRESS = 'alpha.kubernetes.io/provided-node-ip';

const addressOf = (cluster: Cluster, name: string): Promise<string> =>
  kubectl(cluster, 'get', 'node', name, '-o', 'jsonpath={.status.addresses[?(@.type=="InternalIP")].address}');

/** What a node's k3s wrote last. */
async function lastWords(container: string): Promise<string> {
  const options = { stdout: true, stderr: true, tail: 3 } as const;
  return String(await engine.getContainer(container).logs(options)).trim();
}

/** The cluster without one of its nodes: what is compared is what the others know. */
const without = (cluster: Cluster, name: string): Cluster => ({
  ...cluster,
  nodes: cluster.nodes.filter((node) => node.name !== name),
});

/** Flannel writes its file anew whenever it starts. */
async function flannelStart({ side }: ClusterNode): Promise<string> {
  const argv = ['stat', '--format=%i %Y', '/proc/1/root/run/flannel/subnet.env'];
  return (await side.exec(argv, { signal })).stdout.trim();
}

/** Does this while k3s stands still on the node, and then has k3s killed and started again; Flannel runs anew when it returns. */
async function whileDown(node: ClusterNode, act: () => Promise<unknown>): Promise<void> {
  const before = await flannelStart(node);
  const pid = (await node.exec(['cat', '/run/faultline-k3s.pid'], { signal })).stdout.trim();
  await node.exec(['kill', '-STOP', pid], { signal });
  await act();
  await node.exec(['kill', '-KILL', pid], { signal });
  const again = async () => {
    const now = await flannelStart(node);
    return now === before ? notYet(`its file is that of ${now}`) : done(undefined);
  };
  await waitFor(`Flannel runs again on ${node.name}`, again, { signal, withinMs: 120_000, everyMs: 500 });
}

describe('the golden data plane of vxlan', () => {
  let cluster: Cluster;
  let moved: string;
  beforeAll(async () => {
    if (missing.length > 0) return;
    cluster = await bootWith('vxlan');
    // Of this whole block, and not of its first test.
    runs.length = 0;
    await everyNodeReachesEveryPod(cluster);
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  test('is on every node, line by line', async () => {
    const golden = await compared(cluster);
    expect(differing(golden)).toEqual(whole(cluster));
    expect(golden.every(({ checked }) => checked > 20)).toBe(true);
  });

  test.each([
    [
      'an entry that nobody explains',
      'bridge fdb append 02:00:00:00:00:99 dev flannel.1 dst 198.18.0.99 self permanent',
    ],
    ['a neighbour that nobody explains', 'ip neighbour add 10.42.99.0 lladdr 02:00:00:00:00:99 dev flannel.1'],
    ['a route that nobody explains', 'ip route add 10.42.99.0/24 via 10.42.99.0 dev flannel.1 onlink'],
  ])('does not have %s', async (_, command) => {
    const { side, name } = cluster.nodes[1]!;
    const words = command.split(' ');
    await side.exec(words, { signal });
    const seen = await compared(cluster, 1_000);
    await side.exec(
      words.map((word) => (/^(append|add)$/.test(word) ? 'del' : word)),
      { signal },
    );
    const extra = seen.find(({ node }) => node === name)?.extra ?? [];
    expect(extra).toHaveLength(1);
    expect(extra[0]).toContain('99');
    expect(differing(await compared(cluster))).toEqual(whole(cluster));
  });

  test('loses every line about a node that was deleted, and has it again when the node returns', async () => {
    await engine.getContainer(cluster.nodes[2]!.container).kill();
    await kubectl(cluster, 'delete', 'node', 'agent-1');
    const others = without(cluster, 'agent-1');
    expect(differing(await compared(others))).toEqual(whole(others));
    await untilReadyAgain(cluster, 'agent-1');
    await podsOf(cluster);
    expect(differing(await compared(cluster, 60_000))).toEqual(whole(cluster));
  });

  test('follows a node that comes back with another address, and keeps nothing of the old one', async () => {
    const address = cluster.network.subnet.replace('.0/24', '.40');
    moved = await moveTo(cluster, 'agent-1', address);
    // Without this the node may never come back: docs/findings/a-node-with-a-new-address-may-never-start.md
    await kubectl(cluster, 'annotate', '--overwrite', 'node', 'agent-1', `${PROVIDED_ADDRESS}=${address}`);
    const isThere = async () => {
      const seen = await addressOf(cluster, 'agent-1');
      return seen === address ? done(undefined) : notYet(`${seen}, and its k3s says: ${await lastWords(moved)}`);
    };
    await waitFor('agent-1 is known by its new address', isThere, { signal, withinMs: 240_000, everyMs: 500 });
    const others = without(cluster, 'agent-1');
    const golden = await compared(others, 60_000);
    expect(differing(golden)).toEqual(whole(others));
    const { stdout } = await cluster.nodes[0]!.side.exec(['bridge', 'fdb', 'show', 'dev', 'flannel.1'], { signal });
    expect(stdout).toContain(`dst ${address} `);
  });

  test('keeps a node that was deleted while k3s was down, for nobody tells Flannel of it later', async () => {
    const observer = cluster.nodes[1]!;
    const podSubnet = await kubectl(cluster, 'get', 'node', 'agent-1', '-o', 'jsonpath={.spec.podCIDR}');
    await engine.getContainer(moved).kill();
    await whileDown(observer, () => kubectl(cluster, 'delete', 'node', 'agent-1'));
    // Longer than Flannel needs for whatever it looks after.
    const seen = await compared(without(cluster, 'agent-1'), 20_000);
    const extra = seen.find(({ node }) => node === observer.name)?.extra ?? [];
    expect(new Set(extra.map((line) => line.split(' ')[0]))).toEqual(new Set(['fdb', 'neighbour', 'route']));
    expect(extra.find((line) => line.startsWith('route'))).toContain(podSubnet);
    expect(seen.find(({ node }) => node === 'server-0')).toMatchObject({ missing: [], extra: [] });
  });
});

describe('the golden data plane', () => {
  test('of host-gw is on every node, line by line', async () => {
    await using cluster = await bootWith('host-gw');
    await everyNodeReachesEveryPod(cluster);
    const golden = await compared(cluster);
    expect(differing(golden)).toEqual(whole(cluster));
    expect(golden.every(({ checked }) => checked > 15)).toBe(true);
  });

  test('of vxlan with DirectRouting is on every node, and no packet between nodes takes the overlay', async () => {
    await using cluster = await bootWith('vxlan-direct-routing');
    await everyNodeReachesEveryPod(cluster);
    expect(differing(await compared(cluster))).toEqual(whole(cluster));
    for (const { side } of cluster.nodes) {
      const { stdout } = await side.exec(['ip', '-json', '-stats', 'link', 'show', 'flannel.1'], { signal });
      const [link] = JSON.parse(stdout) as { stats64: { tx: { packets: number }; rx: { packets: number } } }[];
      expect(link?.stats64.tx.packets).toBe(0);
      expect(link?.stats64.rx.packets).toBe(0);
    }
  });

  test('of wireguard-native is on every node', async ({ skip }) => {
    const { needs } = backends['wireguard-native'];
    const lacking = await lackingFeatures(engine, needs, { signal, tools: own.tools });
    if (lacking.length > 0) skip(lacking.map(({ name, how }) => `this host lacks ${name}: ${how}`).join(', '));
    await using cluster = await bootWith('wireguard-native');
    await everyNodeReachesEveryPod(cluster);
    expect(differing(await compared(cluster))).toEqual(whole(cluster));
  });
});

test('a host without WireGuard skips wireguard-native by its name, and boots nothing', async ({ skip }) => {
  const { needs } = backends['wireguard-native'];
  const lacking = await lackingFeatures(engine, needs, { signal, tools: own.tools });
  if (lacking.length === 0) skip('this host has WireGuard');
  const words = ['up', '--substrate', 'k3s', '--backend', 'wireguard-native'];
  const { exitCode, stderr } = await execa(process.execPath, [FAULTLINE, ...words], { reject: false });
  expect(stderr).toContain('skipped: wireguard-native with servicelb: this host lacks wireguard');
  expect(exitCode).toBe(3);
});

/** What k3s is told: alone, on a network without a way out, where it finds no address by itself. */
const SERVER = 'exec /bin/k3s server --node-ip="$(hostname -i)" --flannel-iface=eth0 "$@"';

describe('a backend that k3s once had', () => {
  test.each(removedBackends)('$name is refused by k3s itself', async ({ name }) => {
    const run = `suite-${name}-${systemClock.now().toString(36)}`;
    runs.push(run);
    const Labels = labelsOf(run, thisProcess(), { expires: Date.parse(systemClock.wall()) + HOUR });
    await engine.createNetwork({ Name: `faultline-${run}`, Internal: true, Labels });
    const container = await engine.createContainer({
      name: `faultline-${run}`,
      Image: k3sNodeImage(DEFAULT_K3S),
      Entrypoint: ['sh', '-c', SERVER, 'sh'],
      Cmd: [`--flannel-backend=${name}`],
      Labels,
      HostConfig: { Privileged: true, NetworkMode: `faultline-${run}`, Tmpfs: { '/run': '', '/var/run': '' } },
    });
    await container.start();
    const { StatusCode } = (await container.wait({ abortSignal: AbortSignal.timeout(120_000) })) as {
      StatusCode: number;
    };
    const words = String(await container.logs({ stdout: true, stderr: true, tail: 50 }));
    expect(words).toContain(`unknown flannel backend '${name}'`);
    expect(StatusCode).not.toBe(0);
  });
});

test('a CNI of your own: no node is Ready before it is applied, and pods reach each other by it', async () => {
  await using cluster = await bootWith('none');
  await everyNodeReachesEveryPod(cluster);
  // Nobody here knows what it should have programmed: a comparison would be a guess.
  expect(await compared(cluster)).toEqual([]);
  const { exitCode } = await cluster.nodes[0]!.side.exec(['ip', 'link', 'show', 'cni0'], { signal, accept: 'any' });
  expect(exitCode).toBe(1);
});
