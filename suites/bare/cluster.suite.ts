/** The bare substrate on a real engine: what a cluster of it does, and what is left of it afterwards. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attach, boot, listClusters, removeDead, removeRun, type Cluster, type ClusterNode } from '@faultline/cluster';
import { planCluster, toolsImage, type ClusterPlan } from '@faultline/cluster/plan';
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
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const HOUR = 3_600_000;
const { signal } = new AbortController();
const history = memoryHistory();
const expires = Date.parse(systemClock.wall()) + HOUR;
const nextRun = (name: string): string => `suite-${name}-${systemClock.now().toString(36)}`;

let engine: Engine;
let folder: string;

beforeAll(async () => {
  engine = await connect();
  folder = await mkdtemp(join(tmpdir(), 'faultline-suite-'));
});
afterAll(() => rm(folder, { recursive: true }));

const planBare = (backend: string): ClusterPlan =>
  planCluster(
    { substrate: 'bare', servers: 1, agents: 2, backend, loadBalancer: 'keepalived' },
    { tools: toolsImage(), app: 'none', subnet: null },
  );

function bootPlan(plan: ClusterPlan, run: string, { kept = false }: { kept?: boolean } = {}): Promise<Cluster> {
  return boot(plan, { engine, history, signal, run, folder, labels: labelsOf(run, thisProcess(), { expires, kept }) });
}

const bootBare = (run: string, backend: string): Promise<Cluster> => bootPlan(planBare(backend), run);

/** Names of everything in the engine that carries the run's label. */
async function leftOf(run: string): Promise<readonly string[]> {
  const filters = { label: [`faultline.run=${run}`] };
  const [containers, networks, volumes] = await Promise.all([
    engine.listContainers({ all: true, filters }),
    engine.listNetworks({ filters }),
    engine.listVolumes({ filters }),
  ]);
  return [
    ...containers.flatMap(({ Names }) => Names),
    ...networks.map(({ Name }) => Name),
    ...volumes.Volumes.map(({ Name }) => Name),
  ];
}

const NETNS = '/run/netns/pod';
const podAddress = (cluster: Cluster, node: ClusterNode): string => `10.42.${cluster.nodes.indexOf(node)}.2`;

/** One pod a node, which answers everybody on port 8181 with the name of its node and the address it was asked from. */
async function deployPods(cluster: Cluster): Promise<void> {
  await onAll(cluster.nodes, async (node) => {
    const program = `require('node:http').createServer((q, s) => s.end('${node.name} ' + q.socket.remoteAddress)).listen(8181, '0.0.0.0')`;
    const pod = {
      name: 'pod',
      address: podAddress(cluster, node),
      netns: NETNS,
      env: {},
      argv: ['node', '-e', program],
    };
    await node.copyIn([{ path: '/etc/faultline/pods.json', content: JSON.stringify([pod]) }]);
    await node.exec(['faultline-node', 'apply-pods'], { signal });
  });
}

async function answerOf(from: ClusterNode, address: string): Promise<string> {
  const curl = ['nsenter', `--net=${NETNS}`, '--', 'curl', '-s', '--max-time', '1', `http://${address}:8181/`];
  return waitFor(
    `an answer from ${address} to ${from.name}'s pod`,
    async (until) => {
      const { stdout, exitCode } = await from.exec(curl, { signal: until, accept: 'any' });
      return exitCode === 0 ? done(stdout) : notYet(`curl's exit code ${exitCode}`);
    },
    { signal, withinMs: 5000 },
  );
}

async function everyPodReachesEveryPod(cluster: Cluster): Promise<void> {
  for (const from of cluster.nodes) {
    for (const to of cluster.nodes) {
      // The address that the answer names is the pod's own: nobody translated it on the way.
      expect(await answerOf(from, podAddress(cluster, to))).toBe(`${to.name} ${podAddress(cluster, from)}`);
    }
  }
}

const holderOf = (cluster: Cluster): Promise<ClusterNode | undefined> =>
  cluster.announcer(cluster.virtualAddress ?? '', { signal });

const untilHeldBy = (cluster: Cluster, name: string): Promise<undefined> =>
  waitFor(
    `${name} answers for the virtual address`,
    async () => {
      const holder = await holderOf(cluster);
      return holder?.name === name ? done(undefined) : notYet(holder ? `${holder.name} does` : 'nobody does');
    },
    { signal, withinMs: 10_000 },
  );

describe('a bare cluster with vxlan', () => {
  let cluster: Cluster;
  const run = nextRun('vxlan');
  beforeAll(async () => {
    cluster = await bootBare(run, 'vxlan');
    await deployPods(cluster);
  });
  afterAll(() => removeRun(engine, run));

  test('its first node answers for the virtual address', async () => {
    expect((await holderOf(cluster))?.name).toBe('server-0');
  });

  test('two nodes that answer for one address are noticed', async () => {
    const address = `${cluster.virtualAddress}/32`;
    const [, , other] = cluster.nodes;
    await other!.exec(['ip', 'address', 'add', address, 'dev', 'eth0'], { signal });
    const before = history.events.length;
    await holderOf(cluster);
    await other!.exec(['ip', 'address', 'delete', address, 'dev', 'eth0'], { signal });
    const notes = history.events.slice(before).flatMap((event) => (event.type === 'note' ? [event.text] : []));
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/^2 answer for .*(server-0 and agent-1|agent-1 and server-0)$/);
  });

  test('who is who on its LAN stands in the history', () => {
    const lan = history.events.findLast(({ type }) => type === 'lan');
    const [server] = cluster.nodes;
    expect(lan).toMatchObject({ subnet: cluster.network.subnet, virtualAddress: cluster.virtualAddress });
    expect(lan).toHaveProperty('machines.0', {
      name: 'server-0',
      role: 'server',
      address: server!.address,
      mac: server!.mac,
    });
    expect(lan).toHaveProperty('pool.0', cluster.virtualAddress);
  });

  test('no node of it can be asked to let go of the address: VRRP elects by priority', async () => {
    await expect(cluster.yieldAddress('server-0', { signal })).rejects.toThrow('VRRP elects by priority');
    await expect(cluster.yieldAddress('server-7', { signal })).rejects.toThrow('no node server-7. Nodes: server-0, ');
  });

  test('its nodes have the addresses and MACs that the plan gives them', async () => {
    for (const node of cluster.nodes) {
      const { stdout } = await node.exec(['ip', '-br', 'link', 'show', node.interface], { signal });
      expect(stdout).toContain(node.mac);
      const { stdout: addresses } = await node.side.exec(['ip', '-br', 'address', 'show', node.interface], { signal });
      expect(addresses).toContain(`${node.address}/24`);
    }
  });

  test('every pod reaches every pod, without address translation, through the overlay', async () => {
    await everyPodReachesEveryPod(cluster);
    const { stdout } = await cluster.nodes[0]!.side.exec(['ip', '-s', '-j', 'link', 'show', 'flannel.1'], { signal });
    const [link] = JSON.parse(stdout) as { stats64: { tx: { packets: number } } }[];
    expect(link?.stats64.tx.packets).toBeGreaterThan(0);
  });

  test.each([
    ['the client', (all: Cluster) => all.client, []],
    ['a node', (all: Cluster) => all.nodes[1]!, []],
    ['a pod', (all: Cluster) => all.nodes[1]!, ['nsenter', `--net=${NETNS}`, '--']],
  ] as const)('nothing gets out of %s', async (_name, from, enter) => {
    // 192.0.2.1 is a documentation address: nobody has it, and a default route would take the packet away without a word.
    const { stdout, stderr } = await from(cluster).exec([...enter, 'ping', '-c', '1', '-W', '2', '192.0.2.1'], {
      signal,
      accept: [1, 2],
    });
    expect(stdout + stderr).toMatch(/unreachable|No route to host/i);
  });

  test("names of the cluster resolve, and the host's resolver is asked for no other", async () => {
    const { stdout } = await cluster.client.exec(['getent', 'hosts', `faultline-${run}-agent-1`], { signal });
    expect(stdout).toContain(cluster.nodes[2]!.address);
    const { HostConfig } = await engine.getContainer(cluster.client.container).inspect();
    expect(HostConfig.Dns).toEqual(['127.0.0.1']);
  });
});

describe('a bare cluster whose announcer is killed', () => {
  let cluster: Cluster;
  const run = nextRun('killed');
  beforeAll(async () => {
    cluster = await bootBare(run, 'vxlan');
    await deployPods(cluster);
  });
  afterAll(() => removeRun(engine, run));

  test('has another announcer, and the first comes back by itself, with the address and its pods, when it is started', async () => {
    const [first] = cluster.nodes;
    await engine.getContainer(first!.container).kill();
    await untilHeldBy(cluster, 'agent-0');
    await engine.getContainer(first!.container).start();
    const revived = await cluster.revive('server-0', { signal });
    expect(await answerOf(revived, podAddress(cluster, cluster.nodes[2]!))).toMatch(/^agent-1 /);
    await untilHeldBy(cluster, 'server-0');
    const { stdout } = await revived.side.exec(['ip', 'route', 'show', 'default'], { signal });
    expect(stdout.trim()).toBe('unreachable default');
  });

  test("its nodes publish no port, and no container has the engine's socket", async () => {
    for (const node of cluster.nodes) {
      const { HostConfig, Mounts } = await engine.getContainer(node.container).inspect();
      expect(HostConfig.PortBindings).toEqual({});
      expect(Mounts.filter(({ Source }) => Source.includes('docker.sock'))).toEqual([]);
    }
  });

  test('torn down, it leaves nothing but its logs', async () => {
    expect(await leftOf(run)).not.toEqual([]);
    await cluster[Symbol.asyncDispose]();
    expect(await leftOf(run)).toEqual([]);
    expect(await readFile(join(folder, 'logs', 'agent-0.log'), 'utf8')).toContain('Entering MASTER STATE');
  });
});

describe('the pair of balancers in front of a cluster', () => {
  const run = nextRun('pair');
  const balancer = (index: number) =>
    ({ name: `lb-${index}`, role: 'balancer', host: 20 + index, podSubnet: null }) as const;
  // Nothing behind them: they are the same whatever the nodes are made of, and bare nodes would hold the address, too.
  const plan = { ...planBare('vxlan'), nodes: [], balancers: [balancer(0), balancer(1)] };
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await bootPlan(plan, run, { kept: true });
  });
  afterAll(() => removeRun(engine, run));

  test('stands beside the nodes, and its first holds the address', async () => {
    expect(cluster.nodes).toEqual([]);
    expect(cluster.balancers.map(({ name, role }) => ({ name, role }))).toEqual([
      { name: 'lb-0', role: 'balancer' },
      { name: 'lb-1', role: 'balancer' },
    ]);
    expect((await holderOf(cluster))?.name).toBe('lb-0');
  });

  test.each([80, 6443])('takes connections on port %i', async (port) => {
    const touch = ['socat', '-u', 'OPEN:/dev/null', `TCP:${cluster.virtualAddress}:${port},connect-timeout=1`];
    await cluster.client.exec(touch, { signal });
  });

  test('is listed and taken up again, each with a side-car in its network', async () => {
    const found = (await listClusters(engine)).find((one) => one.run === run);
    expect(found?.nodes.map(({ name }) => name)).toEqual(['lb-0', 'lb-1']);
    const again = await attach(engine, run, { history, signal });
    expect((await holderOf(again))?.name).toBe('lb-0');
    const { stdout } = await again.balancers[0]!.side.exec(['ip', '-br', 'address', 'show', 'eth0'], { signal });
    expect(stdout).toContain(`${again.virtualAddress}/32`);
  });

  test('moves the address when its holder is killed, and back when that one is started again', async () => {
    const [first] = cluster.balancers;
    await engine.getContainer(first!.container).kill();
    await untilHeldBy(cluster, 'lb-1');
    await engine.getContainer(first!.container).start();
    const revived = await cluster.revive('lb-0', { signal });
    await untilHeldBy(cluster, 'lb-0');
    await revived.side.exec(['pgrep', '-x', 'haproxy'], { signal });
    expect(cluster.balancers.map(({ name }) => name)).toEqual(['lb-0', 'lb-1']);
  });

  test('lets go of the address where HAProxy cannot run', async () => {
    const [first] = cluster.balancers;
    // Found no more, it is not started again either.
    await first!.exec(['chmod', '0', '/usr/sbin/haproxy'], { signal });
    await first!.exec(['pkill', '-x', 'haproxy'], { signal });
    await untilHeldBy(cluster, 'lb-1');
  });
});

describe('a bare cluster with host-gw', () => {
  test('every pod reaches every pod unencapsulated', async () => {
    await using cluster = await bootBare(nextRun('hostgw'), 'host-gw');
    await deployPods(cluster);
    await everyPodReachesEveryPod(cluster);
    const { exitCode } = await cluster.nodes[0]!.exec(['ip', 'link', 'show', 'flannel.1'], { signal, accept: 'any' });
    expect(exitCode).toBe(1);
  });
});

describe('a kept cluster', () => {
  test('survives its handle, is listed, taken up again, and removed', async () => {
    const run = nextRun('kept');
    await using undo = new AsyncDisposableStack();
    undo.defer(async () => void (await removeRun(engine, run)));
    const made = await bootBare(run, 'vxlan');
    made.keep();
    await made[Symbol.asyncDispose]();

    expect((await listClusters(engine)).find((found) => found.run === run)).toMatchObject({
      kept: true,
      substrate: 'bare',
      folder,
    });
    const again = await attach(engine, run, { history, signal });
    expect(again.nodes.map(({ name }) => name)).toEqual(['server-0', 'agent-0', 'agent-1']);
    expect((await again.announcer(again.virtualAddress ?? '', { signal }))?.name).toBe('server-0');
    await again[Symbol.asyncDispose]();
    expect(await leftOf(run)).not.toEqual([]);
    await removeRun(engine, run);
    expect(await leftOf(run)).toEqual([]);
  });

  test('an unknown one is refused by name', async () => {
    await expect(attach(engine, 'no-such-run', { history, signal })).rejects.toThrow('no kept cluster "no-such-run"');
  });
});

describe('what a dead run left', () => {
  const deadOwner = { ...thisProcess(), started: '1' };

  test('is removed, and what is not ours is not touched', async () => {
    const run = nextRun('dead');
    const foreign = nextRun('foreign');
    const labels = labelsOf(run, deadOwner, { expires });
    await using undo = new AsyncDisposableStack();
    undo.defer(async () => void (await removeRun(engine, run)));
    // Foreign by label alone: the name is as ours would be.
    const theirs = await plant(`faultline-${foreign}`, { 'some.body': foreign });
    undo.use(theirs);
    await plant(`faultline-${run}`, labels);

    const would = await removeDead(engine, { signal, run, dryRun: true });
    expect(would.map(({ kind }) => kind).toSorted()).toEqual(['container', 'network', 'volume']);
    expect(await leftOf(run)).toHaveLength(3);
    expect(await removeDead(engine, { signal, run })).toEqual(would);
    expect(await leftOf(run)).toEqual([]);
    expect(await theirs.there()).toEqual([true, true, true]);
    const everywhere = await removeDead(engine, { signal, dryRun: true });
    expect(everywhere.filter(({ name }) => name.includes(foreign))).toEqual([]);
  });

  test('stays while its owner lives', async () => {
    const run = nextRun('alive');
    await using _mine = await plant(`faultline-${run}`, labelsOf(run, thisProcess(), { expires }));
    expect(await removeDead(engine, { signal, run })).toEqual([]);
    expect(await leftOf(run)).toHaveLength(3);
  });

  /** A container, a volume and a network of this name, with these labels. */
  async function plant(
    name: string,
    labels: Record<string, string>,
  ): Promise<AsyncDisposable & { there(): Promise<boolean[]> }> {
    await engine.createVolume({ Name: name, Labels: labels });
    const volume = engine.getVolume(name);
    const network = await engine.createNetwork({ Name: name, Labels: labels, Internal: true });
    const container = await engine.createContainer({
      name,
      Image: toolsImage(),
      Labels: labels,
      HostConfig: { NetworkMode: name },
    });
    const there = (inspect: Promise<unknown>) =>
      inspect.then(
        () => true,
        () => false,
      );
    return {
      there: () => Promise.all([there(container.inspect()), there(network.inspect()), there(volume.inspect())]),
      async [Symbol.asyncDispose]() {
        await container.remove({ force: true });
        await network.remove();
        await volume.remove();
      },
    };
  }
});

describe('a boot that fails', () => {
  test('with a subnet that is in use, says so and leaves nothing', async () => {
    const run = nextRun('busy');
    await using first = await bootBare(nextRun('first'), 'vxlan');
    const plan = planCluster(
      { substrate: 'bare', servers: 1, agents: 0, backend: 'vxlan', loadBalancer: 'keepalived' },
      { tools: toolsImage(), app: 'none', subnet: first.network.subnet },
    );
    const options = { engine, history, signal, run, folder, labels: labelsOf(run, thisProcess(), { expires }) };
    await expect(boot(plan, options)).rejects.toThrow(`the subnet ${first.network.subnet} is in use`);
    expect(await leftOf(run)).toEqual([]);
  });

  // On an idle host a boot takes 1.4 s.
  test.each([100, 300, 600, 900])('aborted after %i ms, leaves nothing', async (after) => {
    const run = nextRun('abort');
    const plan = planCluster(
      { substrate: 'bare', servers: 1, agents: 2, backend: 'vxlan', loadBalancer: 'keepalived' },
      { tools: toolsImage(), app: 'none', subnet: null },
    );
    const options = {
      engine,
      history,
      signal: AbortSignal.timeout(after),
      run,
      folder,
      labels: labelsOf(run, thisProcess(), { expires }),
    };
    await expect(boot(plan, options)).rejects.toThrow(/aborted due to timeout/);
    expect(await leftOf(run)).toEqual([]);
  });
});
