/** The substrate k3s on a real engine: what a cluster of it does, and what is left of it afterwards. */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { boot, imagesAtHand, readSources, removeRun, type Cluster, type ClusterNode } from '@faultline/cluster';
import { ownImages, planCluster, type ClusterPlan, type OwnImages } from '@faultline/cluster/plan';
import { done, engine as connect, labelsOf, notYet, thisProcess, waitFor, type Engine } from '@faultline/control';
import { memoryHistory, systemClock, type History } from '@faultline/history';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const HOUR = 3_600_000;
const { signal } = new AbortController();
const nextRun = (name: string): string => `suite-${name}-${systemClock.now().toString(36)}`;

let engine: Engine;
let folder: string;
let own: OwnImages;
let missing: readonly string[];

function planOf(backend: string, agents: number): ClusterPlan {
  return planCluster(
    { substrate: 'k3s', servers: 1, agents, backend, loadBalancer: 'servicelb' },
    { tools: own.tools, app: own.userlist, subnet: null },
  );
}

beforeAll(async () => {
  engine = await connect();
  folder = await mkdtemp(join(tmpdir(), 'faultline-suite-'));
  own = ownImages(await readSources(join(import.meta.dirname, '../../libs/workload/src/app')));
  ({ missing } = await imagesAtHand(engine, planOf('vxlan', 2).images));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(({ skip }) => {
  if (missing.length > 0) skip(`not in the engine: ${missing.join(', ')}`);
});

interface BootOf {
  readonly plan: ClusterPlan;
  readonly run: string;
  readonly history?: History;
  readonly until?: AbortSignal;
}

async function bootK3s({ plan, run, history = memoryHistory(), until = signal }: BootOf): Promise<Cluster> {
  const expires = Date.parse(systemClock.wall()) + HOUR;
  return boot(plan, {
    engine,
    history,
    signal: until,
    run,
    folder: await mkdtemp(join(folder, 'run-')),
    labels: labelsOf(run, thisProcess(), { expires }),
  });
}

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

/** Of the whole engine: the anonymous ones of a node have no label, and must go with it. */
async function volumesNow(): Promise<ReadonlySet<string>> {
  return new Set((await engine.listVolumes()).Volumes.map(({ Name }) => Name));
}

/** Volumes that the containers of a run use. */
async function volumesOf(run: string): Promise<readonly string[]> {
  const containers = await engine.listContainers({ all: true, filters: { label: [`faultline.run=${run}`] } });
  return containers.flatMap(({ Mounts }) =>
    Mounts.flatMap(({ Type, Name }) => (Type === 'volume' && Name ? [Name] : [])),
  );
}

const kubectl = (cluster: Cluster, ...words: readonly string[]) =>
  cluster.nodes[0]!.exec(['kubectl', ...words], { signal });

interface Pod {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly nodeName: string };
  readonly status: { readonly podIP?: string; readonly conditions?: readonly { type: string; status: string }[] };
}

/** The app on every node, and its ready pods. */
async function deployApp(cluster: Cluster): Promise<readonly Pod[]> {
  const labels = { app: 'userlist' };
  const container = {
    name: 'userlist',
    image: own.userlist,
    readinessProbe: { httpGet: { path: '/healthz', port: 8181 }, periodSeconds: 1 },
  };
  const daemonSet = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'userlist' },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [container] } } },
  };
  await cluster.nodes[0]!.exec(['kubectl', 'apply', '-f', '-'], { signal, input: JSON.stringify(daemonSet) });
  return waitFor(
    'the app is ready on every node',
    async () => {
      const { items } = JSON.parse(
        (await kubectl(cluster, 'get', 'pods', '-l', 'app=userlist', '-o', 'json')).stdout,
      ) as { items: Pod[] };
      const ready = items.filter(({ status }) =>
        status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
      );
      return ready.length === cluster.nodes.length
        ? done(ready)
        : notYet(`${ready.length} of ${cluster.nodes.length} ready`);
    },
    { signal, withinMs: 60_000, everyMs: 300 },
  );
}

/** Asks every pod from within one, and answers with the name of each that answered, and the address that it was asked from. */
async function askFrom(cluster: Cluster, from: Pod, to: readonly Pod[]): Promise<string> {
  const urls = JSON.stringify(to.map(({ status }) => `http://${status.podIP}:8181/whoami`));
  const fetched = 'fetch(url, { signal: AbortSignal.timeout(2000) }).then((r) => r.json())';
  const ask = `${fetched}.then((r) => r.pod + ' ' + r.remoteAddress, (e) => e.name)`;
  const program = `Promise.all(${urls}.map((url) => ${ask})).then((all) => console.log(all.join(', ')))`;
  return (await kubectl(cluster, 'exec', from.metadata.name, '--', 'node', '-e', program)).stdout.trim();
}

async function everyPodReachesEveryPod(cluster: Cluster): Promise<void> {
  const pods = await deployApp(cluster);
  for (const from of pods) {
    // The address is the pod's own: nobody translated it on the way.
    const answers = pods.map(({ metadata }) => `${metadata.name} ${from.status.podIP}`).join(', ');
    expect(await askFrom(cluster, from, pods), `from ${from.spec.nodeName}`).toBe(answers);
  }
}

async function nothingGetsOutOf(from: Cluster['client'] | ClusterNode, enter: readonly string[] = []): Promise<void> {
  // 192.0.2.1 is a documentation address: nobody has it, and a default route would take the packet away without a word.
  const { stdout, stderr } = await from.exec([...enter, 'ping', '-c', '1', '-W', '2', '192.0.2.1'], {
    signal,
    accept: [1, 2],
  });
  expect(stdout + stderr).toMatch(/unreachable|No route to host/i);
}

describe('k3s with one server, two agents and vxlan', () => {
  const run = nextRun('vxlan');
  const history = memoryHistory();
  let cluster: Cluster;
  beforeAll(async () => {
    if (missing.length === 0) cluster = await bootK3s({ plan: planOf('vxlan', 2), run, history });
  });
  afterAll(() => removeRun(engine, run));

  test('has every node of the plan, Ready, at its address', async () => {
    const config = new KubeConfig();
    config.loadFromFile(cluster.kubeconfig!);
    const { items } = await config.makeApiClient(CoreV1Api).listNode();
    const seen = items.map(({ metadata, status }) => ({
      name: metadata?.name,
      address: status?.addresses?.find(({ type }) => type === 'InternalIP')?.address,
      ready: status?.conditions?.find(({ type }) => type === 'Ready')?.status,
    }));
    const planned = cluster.nodes.map(({ name, address }) => ({ name, address, ready: 'True' }));
    expect(seen.toSorted((a, b) => a.name!.localeCompare(b.name!))).toEqual(
      planned.toSorted((a, b) => a.name.localeCompare(b.name)),
    );
  });

  test('its kubeconfig is for the owner alone', async () => {
    expect((await stat(cluster.kubeconfig!)).mode & 0o777).toBe(0o600);
  });

  test('its history tells the stages of the boot, in order', () => {
    const stages = history.events.flatMap((event) => (event.type === 'stage' ? [event.name] : []));
    const order = [
      'lan',
      'images',
      'containers-made',
      'server-started',
      'supervisor-answers',
      'api-answers',
      'containers-started',
      'nodes-ready',
    ];
    expect(stages.filter((stage) => order.includes(stage))).toEqual(order);
    expect(stages.filter((stage) => stage === 'node-ready')).toHaveLength(3);
  });

  test('it publishes the API on 127.0.0.1 and nothing else', async () => {
    const containers = await engine.listContainers({ filters: { label: [`faultline.run=${run}`] } });
    expect(containers).toHaveLength(7);
    const ports = containers.flatMap(({ Ports }) => Ports.filter(({ PublicPort }) => PublicPort));
    expect(ports.map(({ IP, PrivatePort }) => `${IP} ${PrivatePort}`)).toEqual(['127.0.0.1 6443']);
  });

  test('its token stands in no argument and no environment', async () => {
    const { stdout: config } = await cluster.nodes[0]!.exec(['cat', '/etc/rancher/k3s/config.yaml'], { signal });
    const { token } = JSON.parse(config) as { token: string };
    expect(token).toMatch(/^[0-9a-f]{48}$/);
    for (const { container } of cluster.nodes) {
      expect(JSON.stringify(await engine.getContainer(container).inspect())).not.toContain(token);
    }
  });

  test('every node has the images that its pods need', async () => {
    for (const node of cluster.nodes) {
      const { stdout } = await node.exec(['crictl', 'images', '-o', 'json'], { signal });
      const { images } = JSON.parse(stdout) as { images: { repoTags: string[] }[] };
      const tags = images.flatMap(({ repoTags }) => repoTags.map((tag) => tag.replace('docker.io/', ''))).toSorted();
      expect(tags).toEqual(cluster.plan.images.filter((image) => !/rancher\/k3s|tools/.test(image)).toSorted());
    }
  });

  test('every pod reaches every pod', () => everyPodReachesEveryPod(cluster));

  test('nothing gets out: of the client, a node, a pod', async () => {
    await nothingGetsOutOf(cluster.client);
    await nothingGetsOutOf(cluster.nodes[1]!);
    const [pod] = await deployApp(cluster);
    const connecting = `require('node:net').connect(80, '192.0.2.1')`;
    const program = `${connecting}.on('error', (e) => console.log(e.code)).setTimeout(3000, () => console.log('silence'))`;
    const { stdout } = await kubectl(cluster, 'exec', pod!.metadata.name, '--', 'node', '-e', program);
    expect(stdout.trim()).toMatch(/^(ENETUNREACH|EHOSTUNREACH)$/);
  });

  test('an agent that was killed is Ready again after its start, at its address, without a way out', async () => {
    const agent = cluster.nodes[2]!;
    await engine.getContainer(agent.container).kill();
    await engine.getContainer(agent.container).start();
    const revived = await cluster.revive(agent.name, { signal });
    expect(revived.container).toBe(agent.container);
    expect((await revived.side.exec(['ip', '-br', 'address', 'show', 'eth0'], { signal })).stdout).toContain(
      agent.address,
    );
    expect((await revived.exec(['ip', 'route', 'show', 'default'], { signal })).stdout).toContain(
      'unreachable default',
    );
  });

  test('torn down, it leaves nothing: no container, no network, no volume, named or not, no kubeconfig', async () => {
    const used = await volumesOf(run);
    // Two with a name, and those that the image declares.
    expect(used.length).toBeGreaterThan(3 * 2);
    await cluster[Symbol.asyncDispose]();
    expect(await leftOf(run)).toEqual([]);
    const left = await volumesNow();
    expect(used.filter((name) => left.has(name))).toEqual([]);
    await expect(stat(cluster.kubeconfig!)).rejects.toThrow('ENOENT');
  });
});

describe('k3s with host-gw', () => {
  test('every pod reaches every pod, unencapsulated', async () => {
    await using cluster = await bootK3s({ plan: planOf('host-gw', 1), run: nextRun('hostgw') });
    await everyPodReachesEveryPod(cluster);
    const { exitCode } = await cluster.nodes[0]!.side.exec(['ip', 'link', 'show', 'flannel.1'], {
      signal,
      accept: 'any',
    });
    expect(exitCode).toBe(1);
    const { stdout } = await cluster.nodes[0]!.side.exec(['ip', 'route'], { signal });
    expect(stdout).toMatch(
      new RegExp(`^10\\.42\\.\\d+\\.0/24 via ${cluster.nodes[1]!.address.replaceAll('.', '\\.')} dev eth0`, 'm'),
    );
  });
});

describe('a boot that is interrupted', () => {
  test('half way leaves nothing', async () => {
    const run = nextRun('half');
    const history = memoryHistory();
    const stop = new AbortController();
    using _reader = history.subscribe((event) => {
      if (event.type === 'stage' && event.name === 'supervisor-answers') stop.abort(new Error('Ctrl-C'));
    });
    await expect(bootK3s({ plan: planOf('vxlan', 2), run, history, until: stop.signal })).rejects.toThrow('Ctrl-C');
    expect(await leftOf(run)).toEqual([]);
  });
});
