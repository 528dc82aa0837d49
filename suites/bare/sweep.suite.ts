/** Sweeps of a real pod network: what each packet filter takes away is exactly what is lost, and no other cell. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reachOf } from '@faultline/checker';
import { boot, removeRun, type Cluster } from '@faultline/cluster';
import { planCluster, toolsImage } from '@faultline/cluster/plan';
import { engine as connect, labelsOf, thisProcess, type Engine } from '@faultline/control';
import { memoryHistory, systemClock, type ReachCell } from '@faultline/history';
import { Sweeper } from '@faultline/scenario';
import { deploy } from '@faultline/workload';
import { DEFAULT_HOST } from '@faultline/workload/plan';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const HOUR = 3_600_000;
const { signal } = new AbortController();
const spec = { app: 'faultline/userlist:this-checkout', replicas: 6, host: DEFAULT_HOST, place: 'spread' } as const;
const WITHIN_MS = 10_000;

let engine: Engine;
let folder: string;

beforeAll(async () => {
  engine = await connect();
  folder = await mkdtemp(join(tmpdir(), 'faultline-suite-'));
});
afterAll(() => rm(folder, { recursive: true }));

const TARGET = 'agent-1';

describe.for(['vxlan', 'host-gw'] as const)('with %s', (backend) => {
  const history = memoryHistory();
  const run = `suite-sweep-${backend}-${systemClock.now().toString(36)}`;
  let cluster: Cluster;
  let sweeper: Sweeper;

  beforeAll(async () => {
    const plan = planCluster(
      { substrate: 'bare', servers: 1, agents: 2, backend, loadBalancer: 'keepalived' },
      { tools: toolsImage(), app: spec.app, subnet: null },
    );
    const labels = labelsOf(run, thisProcess(), { expires: Date.parse(systemClock.wall()) + HOUR });
    cluster = await boot(plan, { engine, history, signal, run, folder, labels });
    sweeper = new Sweeper({ cluster, workload: await deploy(cluster, spec, { history, signal }), history, signal });
    await sweeper.prepare();
  });
  afterAll(() => removeRun(engine, run));

  /** The cells of one sweep. */
  async function swept(): Promise<readonly ReachCell[]> {
    const begin = performance.now();
    await sweeper.sweep('during');
    expect(performance.now() - begin).toBeLessThan(WITHIN_MS);
    return history.events.findLast((event) => event.type === 'sweep')?.cells ?? [];
  }

  /** `pod-pod agent-0 agent-1` for each, sorted. */
  const lost = (cells: readonly ReachCell[]): readonly string[] =>
    cells.flatMap((cell) => (reachOf(cell) === 'whole' ? [] : [`${cell.path} ${cell.from} ${cell.to}`])).toSorted();

  /** The target's kernel drops these of its packets, until this is disposed. */
  async function dropped(hook: 'prerouting' | 'postrouting', rule: string): Promise<AsyncDisposable> {
    const side = cluster.nodes.find(({ name }) => name === TARGET)!.side;
    const chain = `chain drops {\ntype filter hook ${hook} priority -300\n${rule} drop\n}`;
    await side.exec(['nft', '--file', '-'], { signal, input: `table inet sweep_suite {\n${chain}\n}\n` });
    return {
      async [Symbol.asyncDispose]() {
        await side.exec(['nft', 'delete', 'table', 'inet', 'sweep_suite']);
      },
    };
  }

  /** Every pair of two nodes of which one is the target. */
  const across = (...paths: readonly string[]): readonly string[] =>
    paths
      .flatMap((path) =>
        ['server-0', 'agent-0'].flatMap((other) => [`${path} ${other} ${TARGET}`, `${path} ${TARGET} ${other}`]),
      )
      .toSorted();

  test('every cell is whole, and no address is translated between pods', async () => {
    const cells = await swept();
    expect(lost(cells)).toEqual([]);
    expect(new Set(cells.map(({ path }) => path))).toEqual(
      new Set(['pod-pod', 'pod-pod-large', 'pod-node', 'node-pod']),
    );
    expect(cells).toHaveLength(4 * 9);
    const translated = cells.filter(({ path, sourceKept }) => path.startsWith('pod-pod') && sourceKept !== true);
    expect(translated).toEqual([]);
  });

  /** What a pod asks of a node goes by the LAN; the answer to the pod, by the overlay. */
  test('a node that takes nothing from the overlay loses what comes by it; without an overlay there is none to lose', async () => {
    await using _ = await dropped('prerouting', 'udp dport 8472');
    const answers = ['server-0', 'agent-0'].map((other) => `pod-node ${TARGET} ${other}`);
    const all = [...across('pod-pod', 'pod-pod-large', 'node-pod'), ...answers].toSorted();
    expect(lost(await swept())).toEqual(backend === 'vxlan' ? all : []);
  });

  test('a node that drops what is large on its way out gives small answers and no large ones', async () => {
    await using _ = await dropped('postrouting', 'oifname eth0 meta length > 1300');
    const large = ['server-0', 'agent-0'].map((other) => `pod-pod-large ${other} ${TARGET}`).toSorted();
    expect(lost(await swept())).toEqual(large);
  });

  test('a port of a node that is blocked is lost to all who ask it, and to nobody else', async () => {
    await using _ = await dropped('prerouting', `ip daddr ${addressOf(cluster)} tcp dport 80`);
    const all = cluster.nodes.map(({ name }) => `pod-node ${name} ${TARGET}`).toSorted();
    expect(lost(await swept())).toEqual(all);
  });

  test('a node that is dead asks nobody and answers nobody, and the sweep still ends in time', async () => {
    await engine.getContainer(cluster.nodes.find(({ name }) => name === TARGET)!.container).kill();
    const cells = await swept();
    const ofTarget = cells.filter(({ from, to }) => from === TARGET || to === TARGET);
    expect(lost(cells)).toEqual(lost(ofTarget));
    expect(lost(cells)).toHaveLength(4 * 5);
    expect(new Set(ofTarget.flatMap(({ from, asked }) => (from === TARGET ? [asked] : [])))).toEqual(new Set([0]));
  });
});

const addressOf = ({ nodes }: Cluster): string => nodes.find(({ name }) => name === TARGET)?.address ?? '';
