/** What of the faults of a host can be told without one: who holds a port, whether a pod is back, what a dead harness left. */
import type { ClusterNode } from '@faultline/cluster';
import type { Engine } from '@faultline/control';
import { expect, test } from 'vitest';
import type { Scene } from './kind/act.ts';
import { ACTS } from './kind/all.act.ts';
import { fateOf } from './kind/pod-kill.act.ts';
import { fakeCluster } from './kubernetes.fake.ts';
import type { Intent } from './ledger/entry.ts';
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

/** A container that was told to stop, and does so after some looks. */
function stopping(looks: number) {
  let left = looks;
  let startedAt = 'then';
  const container = {
    inspect: async () => ({ State: { Running: left-- > 0, StartedAt: startedAt, Status: 'running' } }),
    start: async () => {
      startedAt = 'later';
      left = Infinity;
    },
  };
  return { engine: { getContainer: () => container } as unknown as Engine, began: () => startedAt };
}

const intent = (kind: string): Intent => ({
  type: 'intent',
  fault: 'fault-0',
  kind,
  parameters: {},
  node: 'agent-0',
  container: 'a'.repeat(64),
  side: 'b'.repeat(64),
  memory: { startedAt: 'then' },
  expires: 1,
});

test('a node whose stop outlived its harness is started again once it is down, and not before', async () => {
  const { engine, began } = stopping(3);
  expect(await ACTS['node-stop']?.undo(engine, intent('node-stop'))).toBe('started again');
  expect(began()).toBe('later');
});

test('a node that has rebooted already is left alone', async () => {
  const { engine } = stopping(Infinity);
  const { startedAt: _, ...rest } = { ...intent('node-restart').memory };
  const undone = ACTS['node-restart']?.undo(engine, {
    ...intent('node-restart'),
    memory: { ...rest, startedAt: 'before' },
  });
  expect(await undone).toBe('started again');
});
