/**
 * Ports asked for twice, on real k3s: what is refused, what is silently broken, and what recovers when the squatter leaves.
 *
 * With FAULTLINE_FINDINGS set to a folder, what was seen is written there, clash by clash.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterNode } from '@faultline/cluster';
import { done, elapse, notYet, waitFor } from '@faultline/control';
import { openSession, type ActiveFault, type FaultSession } from '@faultline/fault';
import type { FaultParameters } from '@faultline/fault/plan';
import { memoryHistory, SECOND, systemClock } from '@faultline/history';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { serviceRig } from './services.rig.ts';

const { signal } = new AbortController();
const rig = serviceRig({ suite: 'clash', title: 'Port clashes, seen', loadBalancer: 'servicelb' });

let ledgerFolder: string;
let session: FaultSession | undefined;

beforeAll(async () => {
  ledgerFolder = await mkdtemp(join(tmpdir(), 'faultline-ledger-'));
});
beforeEach(async () => {
  const { cluster } = rig;
  session = await openSession({
    run: cluster.run,
    engine: cluster.engine,
    history: memoryHistory(),
    ledgerFolder,
    cluster,
  });
});
afterEach(() => session?.[Symbol.asyncDispose]());
afterAll(() => rm(ledgerFolder, { recursive: true }));

const named = (name: string): ClusterNode => rig.cluster.nodes.find((node) => node.name === name)!;

const inject = (kind: string, parameters: FaultParameters, node = 'agent-1'): Promise<ActiveFault> =>
  session!.inject(
    {
      id: 'fault-0',
      kind,
      parameters,
      target: { select: 'named', names: [node] },
      afterMs: 0,
      lastingMs: 300_000,
    },
    [named(node)],
    { signal },
  );

const squat = (protocol: 'tcp' | 'udp', port: number, when: 'running' | 'before-start', node?: string) =>
  inject('squat-port', { protocol, port, when }, node);

async function conditionOf(node: string): Promise<string> {
  const path = 'jsonpath={.status.conditions[?(@.type=="Ready")].status}';
  return (await rig.kubectl('get', 'node', node, '--output', path)) === 'True' ? 'Ready' : 'NotReady';
}

/** What the node's k3s ended of since the fault, and how often. */
async function complaintOf(node: string, since: number): Promise<string> {
  const container = rig.cluster.engine.getContainer(named(node).container);
  const age = Math.ceil((systemClock.now() - since) / SECOND);
  const begin = Math.floor(Date.parse(systemClock.wall()) / 1000) - age;
  const logs = (await container.logs({ stdout: true, stderr: true, since: begin })).toString('utf8');
  const ends = logs.match(/faultline: k3s ended with exit code/g)?.length ?? 0;
  const said = logs.split('\n').findLast((line) => line.includes('address already in use')) ?? '';
  const why = /\b([a-z][\w .:]{0,90}: address already in use)/.exec(said)?.[1] ?? 'nothing of an address in use';
  return `k3s ended ${ends} times, and says "${why}"`;
}

/** Pods of other nodes reach those of this one, by the overlay. */
async function overlayTo(node: string): Promise<string> {
  const argv = ['get', 'pods', '--selector=app.kubernetes.io/name=userlist', '--all-namespaces', '--output=json'];
  const { items } = JSON.parse(await rig.kubectl(...argv)) as {
    items: readonly { spec: { nodeName?: string }; status: { podIP?: string } }[];
  };
  const address = items.find(({ spec }) => spec.nodeName === node)?.status.podIP;
  if (!address) return 'no pod is on it';
  const asking = ['curl', '--silent', '--output', '/dev/null', '--max-time', '2', '--write-out', '%{http_code}'];
  const { stdout } = await named('server-0').side.exec([...asking, `http://${address}:8181/healthz`], {
    accept: 'any',
  });
  return stdout === '200' ? 'reached' : `not reached (${stdout})`;
}

/** @returns how long it took, in words. */
async function untilHealed(fault: ActiveFault, node: string): Promise<string> {
  const begin = systemClock.now();
  await fault.heal();
  await rig.cluster.revive(node, { signal });
  await waitFor(
    `pods of ${node} are reached`,
    async () => {
      const seen = await overlayTo(node);
      return seen === 'reached' ? done(undefined) : notYet(seen);
    },
    { signal, withinMs: 120_000, everyMs: 500 },
  );
  return `${((systemClock.now() - begin) / SECOND).toFixed(0)} s after the squatter left the node was Ready and its pods reached`;
}

test.each([
  ['udp', 8472, 'agent-1'],
  ['tcp', 10_250, 'agent-1'],
  ['tcp', 6443, 'server-0'],
  ['tcp', 10_256, 'agent-1'],
] as const)('%s %i while k3s runs is refused to whoever comes second', async (protocol, port, node) => {
  const refused = await squat(protocol, port, 'running', node).then(() => 'given', String);
  expect(refused).toContain(`${port}/${protocol} of ${node} is in use`);
  const by = /in use: by ([^.]+)\./.exec(refused)?.[1];
  rig.saw(`${port}/${protocol}, running`, `refused to the squatter: held by ${by}. k3s notices nothing`);
});

test.each([80, 443])('%i while k3s runs is given, and no client ever comes', async (port) => {
  const [address = ''] = rig.nodeAddresses('agent-1');
  const before = await rig.asked(address, 80);
  const fault = await squat('tcp', port, 'running');
  const { state, effect, detail } = await fault.prove({ signal });
  expect({ state, effect }).toEqual({ state: true, effect: true });
  expect(detail).not.toContain('clients are answered by the squatter');
  const local = await named('agent-1').side.exec(['socat', '-T', '1', '-', `TCP:127.0.0.1:${port},connect-timeout=1`], {
    input: 'who\r\n\r\n',
    accept: 'any',
  });
  const onNode = local.stdout.includes('faultline-squats') ? 'is' : 'is not';
  expect(await rig.asked(address, 80)).toBe(before);
  rig.saw(
    `${port}/tcp, running`,
    `given. ${detail.split('; ')[1]}; on the node itself localhost ${onNode} answered by the squatter`,
  );
  await fault.heal();
});

test('51820/udp is nobody’s with vxlan: given, and nothing happens', async () => {
  const fault = await squat('udp', 51_820, 'running');
  expect(await fault.prove({ signal })).toMatchObject({ state: true, effect: true });
  expect(await conditionOf('agent-1')).toBe('Ready');
  rig.saw('51820/udp, running, backend vxlan', 'given; no part of k3s wants it');
  await fault.heal();
});

test('two pods with one hostPort: one waits, and is placed when the first goes', async () => {
  const fault = await inject('host-port-clash', {});
  await rig.untilEvent('FailedScheduling', "didn't have free ports", 'default');
  const proof = await fault.prove({ signal });
  expect(proof).toMatchObject({ state: true, effect: true });
  const placed = /placed: (\S+);/.exec(proof.detail)?.[1] ?? '';
  const other = placed.endsWith('0') ? 'faultline-host-port-1' : 'faultline-host-port-0';
  const begin = systemClock.now();
  await rig.kubectl('delete', 'pod', placed, '--wait=true');
  await waitFor(
    `${other} is placed`,
    async () => {
      const node = await rig.kubectl('get', 'pod', other, '--output=jsonpath={.spec.nodeName}');
      return node ? done(undefined) : notYet('pending');
    },
    { signal, withinMs: 120_000, everyMs: 500 },
  );
  const after = ((systemClock.now() - begin) / SECOND).toFixed(0);
  rig.saw(
    'hostPort twice',
    `the second Pending, FailedScheduling: didn't have free ports; placed ${after} s after the first was deleted`,
  );
  await fault.heal();
});

test('a fixed NodePort twice: the API refuses the second', async () => {
  const fault = await inject('node-port-clash', {});
  const proof = await fault.prove({ signal });
  expect(proof).toMatchObject({ state: true, effect: true });
  rig.saw('A81, NodePort twice', proof.detail);
  await fault.heal();
});

const WATCHED_MS = 75_000;

test.each([
  ['udp', 8472],
  ['tcp', 10_250],
  ['tcp', 10_256],
] as const)('%s %i before an agent starts', async (protocol, port) => {
  const begin = systemClock.now();
  const fault = await squat(protocol, port, 'before-start');
  await elapse(WATCHED_MS, signal);
  const proof = await fault.prove({ signal });
  expect(proof).toMatchObject({ state: true, effect: true });
  const seen = [
    `after ${WATCHED_MS / 1000} s ${await conditionOf('agent-1')}`,
    await complaintOf('agent-1', begin),
    `pods of the node from another: ${await overlayTo('agent-1')}`,
    ...(protocol === 'udp' ? [proof.detail.split('; ').at(-1)] : []),
  ].join('; ');
  rig.saw(`${port}/${protocol}, before start`, `${seen}; ${await untilHealed(fault, 'agent-1')}`);
});

test.each([
  ['tcp', 80],
  ['tcp', 443],
  ['udp', 51_820],
] as const)('%s %i before an agent starts: no part of k3s asks for it', async (protocol, port) => {
  const [address = ''] = rig.nodeAddresses('agent-1');
  const before = await rig.asked(address, 80);
  const begin = systemClock.now();
  const fault = await squat(protocol, port, 'before-start');
  const served = await waitFor(
    'agent-1 is Ready, its pods are reached and port 80 of it is answered',
    async () => {
      const [condition, overlay] = [await conditionOf('agent-1'), await overlayTo('agent-1')];
      const status = await rig.asked(address, 80);
      const isSo = condition === 'Ready' && overlay === 'reached' && status === before;
      return isSo ? done(status) : notYet(`${condition}, ${overlay}, ${status}`);
    },
    { signal, withinMs: 120_000, everyMs: 500 },
  );
  const took = ((systemClock.now() - begin) / SECOND).toFixed(0);
  const proof = await fault.prove({ signal });
  expect(proof).toMatchObject({ state: true, effect: true });
  // Nobody takes datagrams for 51820 away from who listens there.
  const isHeard = protocol === 'tcp' && proof.detail.includes('clients are answered by the squatter');
  expect(isHeard).toBe(false);
  rig.saw(
    `${port}/${protocol}, before start`,
    `given; ${await complaintOf('agent-1', begin)}; ${took} s after the start Ready, its pods reached, and port 80 of it answers ${served}`,
  );
  await fault.heal();
});

test('6443/tcp before the only server starts', async () => {
  const [address = ''] = rig.nodeAddresses('agent-0');
  const begin = systemClock.now();
  const fault = await squat('tcp', 6443, 'before-start', 'server-0');
  await elapse(30_000, signal);
  expect(await fault.prove({ signal })).toMatchObject({ state: true, effect: true });
  const asked = await rig.asked(address, 80);
  const refused = await rig.kubectl('get', 'nodes').then(
    () => 'answers',
    () => 'does not answer',
  );
  const seen = `the API ${refused}; ${await complaintOf('server-0', begin)}`;
  const served = asked === '000' ? 'does not answer' : `answers ${asked}`;
  expect(refused).toBe('does not answer');
  rig.saw('6443/tcp, before start', `${seen}; port 80 of an agent ${served}; ${await untilHealed(fault, 'server-0')}`);
});
