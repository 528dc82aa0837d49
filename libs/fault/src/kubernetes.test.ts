import type { ClusterNode } from '@faultline/cluster';
import { expect, test } from 'vitest';
import type { Scene } from './kind/act.ts';
import { ACTS } from './kind/all.act.ts';
import { serving } from './kind/controller-down.act.ts';
import { evictable } from './kind/node-drain.act.ts';
import { fakeCluster, SERVERS, type FakeCluster } from './kubernetes.fake.ts';
import { kubectlOn } from './kubernetes.ts';
import type { Intent } from './ledger/entry.ts';
import { undoIntent } from './undo.ts';

const { signal } = new AbortController();
const SIDE = 'b'.repeat(64);

const scene = ({ engine }: FakeCluster, kind: string, more: Partial<Scene> = {}): Scene => ({
  engine,
  plan: { id: 'fault-0', kind, parameters: {}, target: { select: 'agent', index: 0 }, afterMs: 0, lastingMs: 1 },
  node: { name: 'agent-0', role: 'agent' } as ClusterNode,
  witness: undefined,
  address: undefined,
  machines: [],
  struck: [],
  servers: SERVERS,
  signal,
  ...more,
});

const intent = (kind: string, more: Partial<Intent> = {}): Intent => {
  const where = { node: 'agent-0', container: 'a'.repeat(64), side: SIDE, servers: SERVERS };
  return { type: 'intent', fault: 'fault-0', kind, parameters: {}, ...where, expires: 1, ...more };
};

const KINDS = ['node-drain', 'controller-down', 'service-clash', 'host-port-clash', 'node-port-clash'];

test.each(KINDS)('%s is refused where there is no Kubernetes, with the reason', async (kind) => {
  const refused = ACTS[kind]?.survey?.(scene(fakeCluster(), kind, { servers: [] }));
  await expect(refused).rejects.toThrow(`${kind} acts on Kubernetes, and there is none here. Allowed on: k3s`);
});

test.each(KINDS)('%s is done, proved, healed, and proved gone', async (kind) => {
  const cluster = fakeCluster();
  const act = ACTS[kind];
  const memory = (await act?.survey?.(scene(cluster, kind))) ?? {};
  const prepared = await act?.prepare(scene(cluster, kind), memory);
  expect(await prepared?.prove(signal)).toMatchObject({ state: false });
  await prepared?.strike();
  expect(await prepared?.prove(signal)).toMatchObject({ state: true, effect: true });
  expect(await prepared?.proveGone()).toMatchObject({ state: false });
  await prepared?.heal();
  expect(await prepared?.proveGone()).toMatchObject({ state: true });
  expect(cluster).toMatchObject({ cordoned: false, replicas: 2, services: [], made: [] });
});

test.each(KINDS)('%s is undone for the dead by the ledger alone, twice as well as once', async (kind) => {
  const cluster = fakeCluster();
  const act = ACTS[kind];
  const memory = (await act?.survey?.(scene(cluster, kind))) ?? {};
  await (await act?.prepare(scene(cluster, kind), memory))?.strike();
  await undoIntent(cluster.engine, 'run-1', intent(kind, { memory }));
  expect(cluster).toMatchObject({ cordoned: false, replicas: 2, services: [], made: [] });
  await undoIntent(cluster.engine, 'run-1', intent(kind, { memory }));
  expect(cluster).toMatchObject({ cordoned: false, replicas: 2, services: [], made: [] });
});

test('the struck node need not be alive: the next server is asked when one is dead, and none that is frozen', async () => {
  const cluster = fakeCluster();
  cluster.states[SERVERS[0]] = 'exited';
  await kubectlOn(cluster.engine, SERVERS)(['uncordon', 'agent-0']);
  expect(cluster.asked).toEqual(['2 uncordon agent-0']);
  cluster.states[SERVERS[1]] = 'paused';
  await expect(kubectlOn(cluster.engine, SERVERS)(['uncordon', 'agent-0'])).rejects.toThrow(
    'no server did `kubectl uncordon agent-0`: server-1 is exited; server-2 is paused',
  );
});

test('what cannot be undone now stays in force, and what was removed needs no undoing', async () => {
  const cluster = fakeCluster();
  cluster.states[SERVERS[0]] = cluster.states[SERVERS[1]] = 'exited';
  await expect(undoIntent(cluster.engine, 'run-1', intent('node-drain'))).rejects.toThrow(/no server did/);
  delete cluster.states[SERVERS[0]];
  delete cluster.states[SERVERS[1]];
  expect(await undoIntent(cluster.engine, 'run-1', intent('node-drain'))).toContain('the servers are gone');
});

test('a ledger that names a server of another run is refused', async () => {
  const cluster = fakeCluster('of-somebody-else');
  expect(await undoIntent(cluster.engine, 'run-1', intent('node-drain'))).toContain('refused: container 111111111111');
  expect(cluster.asked).toEqual([]);
});

test.each([undefined, 0, -1, 1.5, 101, '2; reboot'])('a ledger that wants %j replicas is refused', async (replicas) => {
  const cluster = fakeCluster();
  const memory = replicas === undefined ? {} : { replicas };
  expect(await undoIntent(cluster.engine, 'run-1', intent('controller-down', { memory }))).toContain('refused');
  expect(cluster.asked).toEqual([]);
});

test('a controller that is a DaemonSet, is down already, or is not there is not taken away', async () => {
  const cluster = fakeCluster();
  const survey = () => ACTS['controller-down']?.survey?.(scene(cluster, 'controller-down'));
  cluster.replicas = 0;
  await expect(survey()).rejects.toThrow(/down already/);
  cluster.replicas = undefined;
  await expect(survey()).rejects.toThrow(/there is no Deployment traefik/);
  cluster.daemonSet = true;
  await expect(survey()).rejects.toThrow(/runs as a DaemonSet, one pod a node, and cannot be scaled/);
});

test('a node that is cordoned by somebody else, or is none of Kubernetes, is not drained', async () => {
  const cluster = fakeCluster();
  cluster.cordoned = true;
  await expect(ACTS['node-drain']?.survey?.(scene(cluster, 'node-drain'))).rejects.toThrow(/it is cordoned/);
  const node = { name: 'lb-0', role: 'balancer' } as ClusterNode;
  const ofBalancer = ACTS['node-drain']?.survey?.(scene(cluster, 'node-drain', { node }));
  await expect(ofBalancer).rejects.toThrow(/lb-0 stands in front of the cluster/);
});

test('pods of DaemonSets, of the kubelet and ended ones stay on a drained node', async () => {
  const cluster = fakeCluster();
  const pod = (name: string, owner: string, phase = 'Running', annotations = {}) => {
    return { metadata: { name, annotations, ownerReferences: [{ kind: owner }] }, status: { phase } };
  };
  cluster.pods = [
    pod('speaker', 'DaemonSet'),
    pod('static', 'Node', 'Running', { 'kubernetes.io/config.mirror': 'x' }),
    pod('helm', 'Job', 'Succeeded'),
    pod('userlist', 'ReplicaSet'),
    { metadata: { name: 'bare' }, status: { phase: 'Pending' } },
  ];
  expect(await evictable(kubectlOn(cluster.engine, SERVERS), 'agent-0', signal)).toEqual(['userlist', 'bare']);
});

test('an endpoint that is ending but serves still counts, for kube-proxy uses it', async () => {
  const cluster = fakeCluster();
  cluster.endpoints = [
    { addresses: ['10.42.0.2'], conditions: { ready: false, serving: true } },
    { addresses: ['10.42.0.3'], conditions: { ready: false, serving: false } },
    { addresses: ['10.42.0.4'], conditions: {} },
  ];
  expect(await serving(kubectlOn(cluster.engine, SERVERS), signal)).toEqual(['10.42.0.2', '10.42.0.4']);
});

test('a second Service that got an address is no clash, and one that is there already is not touched', async () => {
  const cluster = fakeCluster();
  const act = ACTS['service-clash'];
  const prepared = await act?.prepare(scene(cluster, 'service-clash'), {});
  await prepared?.strike();
  cluster.services[0] = { name: 'faultline-clash', label: 'fault-0', ip: '198.18.7.201' };
  expect(await prepared?.prove(signal)).toMatchObject({
    state: true,
    effect: false,
    detail: 'Service faultline-clash on port 80 has 198.18.7.201',
  });
  cluster.services[0] = { name: 'faultline-clash', label: 'of-another' };
  await prepared?.heal();
  expect(cluster.services).toHaveLength(1);
  await expect(act?.survey?.(scene(cluster, 'service-clash'))).rejects.toThrow(/which this fault did not make/);
});
