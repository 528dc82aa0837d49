/** What of the faults of a host can be told without one: who holds a port, whether a pod is back, what a dead harness left. */
import { PassThrough } from 'node:stream';
import type { ClusterNode } from '@faultline/cluster';
import type { Engine } from '@faultline/control';
import { describe, expect, test } from 'vitest';
import type { Scene } from './kind/act.ts';
import { ACTS } from './kind/all.act.ts';
import { fateOf } from './kind/pod-kill.act.ts';
import { fakeCluster } from './kubernetes.fake.ts';
import { faultKind, planFault, restartsNode } from './plan-fault.ts';
import type { FaultPlan } from './spec.ts';
import { parseHolders } from './squatter.ts';

const { signal } = new AbortController();

const fault = (kind: string, parameters: FaultPlan['parameters'] = {}): FaultPlan => ({
  id: 'fault-0',
  kind,
  parameters,
  target: { select: 'agent', index: 0 },
  afterMs: 0,
  lastingMs: 1000,
});

test('a port is held by processes, or by the kernel, which has none', () => {
  const text = `LISTEN 0 4096 *:10250 *:* users:(("k3s-server",pid=63,fd=214))
LISTEN 0 511 0.0.0.0:80 0.0.0.0:* users:(("haproxy",pid=90,fd=5),("haproxy",pid=91,fd=5))
`;
  expect(parseHolders(text)).toEqual([
    { pid: 63, name: 'k3s-server' },
    { pid: 90, name: 'haproxy' },
    { pid: 91, name: 'haproxy' },
  ]);
  expect(parseHolders('UNCONN 0 0 0.0.0.0:8472 0.0.0.0:*\n')).toEqual([{ pid: undefined, name: 'the kernel itself' }]);
  expect(parseHolders('')).toEqual([]);
});

test('a pod is back when it was restarted since and is ready, or is another', () => {
  const pod = (restartCount: number, ready: boolean) => ({
    metadata: { uid: 'u', name: 'coredns-1' },
    spec: {},
    status: { containerStatuses: [{ restartCount, ready }] },
  });
  expect(fateOf(pod(3, true), 3).isBack).toBe(false);
  expect(fateOf(pod(4, false), 3)).toEqual({
    isBack: false,
    detail: 'coredns-1 was restarted 1 times and is not ready',
  });
  expect(fateOf(pod(4, true), 3).isBack).toBe(true);
  expect(fateOf(undefined, 3).isBack).toBe(true);
});

test.each([
  ['node-kill', {}, true],
  ['node-kill', { restart: false }, false],
  ['node-stop', {}, true],
  ['node-restart', {}, true],
  ['squat-port', { protocol: 'udp', port: 8472 }, false],
  ['squat-port', { protocol: 'udp', port: 8472, when: 'before-start' }, true],
  ['k3s-kill', {}, false],
])('%s %j restarts the node: %s', (kind, parameters, restarts) => {
  expect(restartsNode(planFault(fault(kind, parameters)))).toBe(restarts);
});

test('a disk that would be the host is not filled, and the error says what to do instead', async () => {
  const refused = ACTS['disk-full']?.survey?.({} as Scene);
  await expect(refused).rejects.toThrow(/one disk of the host.* Next: disk-slow$/);
  expect(faultKind('disk-full').capability).toBe('disk.quota');
});

test('k3s is killed only where there is k3s, and one pod only where one of it runs', async () => {
  const node = { name: 'agent-0', role: 'agent' } as ClusterNode;
  const bare = { node, servers: [], signal, plan: fault('k3s-kill') } as unknown as Scene;
  for (const kind of ['k3s-kill', 'k3s-restart', 'pod-kill'])
    await expect(ACTS[kind]?.survey?.({ ...bare, plan: fault(kind, { pod: 'dns' }) })).rejects.toThrow(
      `${kind} acts on Kubernetes, and there is none here. Allowed on: k3s`,
    );
  const cluster = fakeCluster();
  const running = { phase: 'Running' };
  cluster.pods = [{ metadata: { uid: 'u', name: 'coredns-1' }, spec: { nodeName: 'server-0' }, status: running }];
  const [server] = Object.keys(cluster.states);
  const scene = { ...bare, engine: cluster.engine, servers: [server], plan: fault('pod-kill', { pod: 'dns' }) };
  await expect(ACTS['pod-kill']?.survey?.(scene as unknown as Scene)).rejects.toThrow(
    'no pod of the dns runs on agent-0. They run on: server-0',
  );
});

/** A container in the life that began `then`, and what the engine remembers of it. */
function machine(of: { runs: boolean; told: boolean; life?: string }) {
  const deeds: string[] = [];
  const state = { Running: of.runs, StartedAt: of.life ?? THEN, Status: 'running' };
  const already = () => Object.assign(new Error('already'), { statusCode: 304 });
  const container = {
    inspect: async () => ({ State: { ...state } }),
    kill: async () => {
      deeds.push('killed');
      state.Running = false;
    },
    start: async () => {
      if (state.Running) throw already();
      deeds.push('started');
    },
  };
  const getEvents = async ({ since }: { since: number }) => {
    const events = new PassThrough();
    if (of.told && since === Date.parse(THEN) / 1000) events.write('{"Action":"kill"}');
    return events;
  };
  return { engine: { getContainer: () => container, getEvents } as unknown as Engine, deeds };
}

const THEN = '2026-11-21T20:00:00.5Z';
const undo = (kind: string, { engine }: ReturnType<typeof machine>) =>
  ACTS[kind]?.undo(engine, {
    type: 'intent',
    fault: 'fault-0',
    kind,
    parameters: {},
    node: 'agent-0',
    container: 'a'.repeat(64),
    side: 'b'.repeat(64),
    memory: { startedAt: THEN },
    expires: 1,
  });

describe.each(['node-stop', 'node-restart', 'node-kill'])('after the death of its harness, %s', (kind) => {
  test('leaves nobody waiting for the goodbye of a node that was told to end', async () => {
    const node = machine({ runs: true, told: true });
    expect(await undo(kind, node)).toBe('started again');
    expect(node.deeds).toEqual(['killed', 'started']);
  });

  test('leaves a node alone that was never told', async () => {
    const node = machine({ runs: true, told: false });
    expect(await undo(kind, node)).toBe('was never told to end');
    expect(node.deeds).toEqual([]);
  });

  test('starts a node that is down, and leaves alone one that has begun another life', async () => {
    const down = machine({ runs: false, told: true });
    expect(await undo(kind, down)).toBe('started again');
    expect(down.deeds).toEqual(['started']);
    const back = machine({ runs: true, told: true, life: '2026-11-21T20:00:09Z' });
    expect(await undo(kind, back)).toBe('was running');
    expect(back.deeds).toEqual([]);
  });
});
