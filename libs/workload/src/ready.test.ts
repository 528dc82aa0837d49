import type { V1DaemonSet, V1Deployment, V1EndpointSlice, V1Node, V1Pod, V1Service } from '@kubernetes/client-node';
import { describe, expect, test } from 'vitest';
import {
  addressesOf,
  allSchedulable,
  areAddresses,
  hasAddresses,
  hasEndpoints,
  isAvailable,
  isRolledOut,
  nodesOf,
  noneLeft,
  readyEndpoints,
  reasonsOf,
} from './ready.ts';

const isDone = { done: true, value: undefined };
const saw = (text: string) => ({ done: false, saw: text });

describe('nodes take pods', () => {
  const node = (name: string, ...taints: string[]): V1Node => ({
    metadata: { name },
    spec: { taints: taints.map((taint) => ({ key: taint.split(':')[0] ?? '', effect: taint.split(':')[1] ?? '' })) },
  });
  const judge = allSchedulable(['server-0', 'agent-0']);

  test('when all are registered and none is tainted', () => {
    expect(judge([node('server-0'), node('agent-0')])).toEqual(isDone);
  });
  test('not before all are registered', () => {
    expect(judge([node('server-0')])).toEqual(saw('agent-0 is not registered'));
  });
  test('not while one is tainted, whatever the effect that keeps pods away', () => {
    expect(
      judge([node('server-0', 'node.kubernetes.io/not-ready:NoSchedule'), node('agent-0', 'a:NoExecute')]),
    ).toEqual(saw('server-0 is tainted node.kubernetes.io/not-ready; agent-0 is tainted a'));
  });
  test('a taint that only makes one less welcome does not count', () => {
    expect(judge([node('server-0', 'a:PreferNoSchedule'), node('agent-0')])).toEqual(isDone);
  });
});

describe('a Deployment is available', () => {
  const deployment = (generation: number, status: V1Deployment['status']): V1Deployment => ({
    metadata: { generation },
    ...(status && { status }),
  });
  const all = { observedGeneration: 2, replicas: 6, updatedReplicas: 6, availableReplicas: 6 };

  test('with all replicas', () => expect(isAvailable(6)([deployment(2, all)])).toEqual(isDone));
  test('not before it was looked at: its figures are of the one before', () => {
    expect(isAvailable(6)([deployment(3, all)])).toEqual(saw('the Deployment was not looked at yet'));
  });
  test('not while old pods are left', () => {
    expect(isAvailable(6)([deployment(2, { ...all, replicas: 7 })])).toEqual(
      saw('6 of 6 available, 6 as wanted, 7 in all'),
    );
  });
  test('not while one is missing', () => {
    expect(isAvailable(6)([deployment(2, { ...all, availableReplicas: 5 })])).toEqual(
      saw('5 of 6 available, 6 as wanted, 6 in all'),
    );
  });
  test('not when there is none', () => expect(isAvailable(6)([])).toEqual(saw('no Deployment')));
  test('not fresh, without a status', () =>
    expect(isAvailable(1)([deployment(1, undefined)])).toMatchObject({ done: false }));
});

describe('the Ingress controller is ready', () => {
  const deployment = (status: V1Deployment['status'], replicas = 2): V1Deployment => ({
    metadata: { generation: 1 },
    spec: { replicas, selector: {}, template: {} },
    ...(status && { status }),
  });
  const daemonSet = (numberReady: number, desiredNumberScheduled: number): V1DaemonSet => ({
    metadata: { generation: 1 },
    spec: { selector: {}, template: {} },
    status: {
      observedGeneration: 1,
      numberReady,
      desiredNumberScheduled,
      currentNumberScheduled: 3,
      numberMisscheduled: 0,
    },
  });

  test('as a Deployment with all replicas, not with one of two', () => {
    expect(isRolledOut([deployment({ observedGeneration: 1, readyReplicas: 2 })])).toEqual(isDone);
    expect(isRolledOut([deployment({ observedGeneration: 1, readyReplicas: 1 })])).toEqual(saw('1 of 2 pods ready'));
    expect(isRolledOut([deployment({ observedGeneration: 1 })])).toEqual(saw('0 of 2 pods ready'));
  });
  test('as a DaemonSet with all its pods, not before it knows how many those are', () => {
    expect(isRolledOut([daemonSet(3, 3)])).toEqual(isDone);
    expect(isRolledOut([daemonSet(2, 3)])).toEqual(saw('2 of 3 pods ready'));
    expect(isRolledOut([daemonSet(0, 0)])).toEqual(saw('0 of 0 pods ready'));
  });
  test('not before it was looked at, nor when it is not there', () => {
    expect(isRolledOut([deployment(undefined)])).toEqual(saw('it was not looked at yet'));
    expect(isRolledOut([])).toEqual(saw('it is not there'));
  });
});

describe('endpoints', () => {
  const slice = (...endpoints: NonNullable<V1EndpointSlice['endpoints']>): V1EndpointSlice => ({
    addressType: 'IPv4',
    metadata: {},
    endpoints,
    ports: [{ port: 8181 }],
  });
  const endpoint = (index: number, conditions?: { ready?: boolean }) => ({
    addresses: [`10.42.1.${index}`],
    nodeName: 'agent-0',
    targetRef: { name: `pod-${index}`, uid: `uid-${index}` },
    ...(conditions && { conditions }),
  });

  test('of all slices count, unless they are not ready', () => {
    const slices = [slice(endpoint(1, { ready: true }), endpoint(2, { ready: false })), slice(endpoint(3))];
    expect(readyEndpoints(slices)).toEqual([
      { pod: 'pod-1', uid: 'uid-1', node: 'agent-0', address: '10.42.1.1', port: 8181 },
      { pod: 'pod-3', uid: 'uid-3', node: 'agent-0', address: '10.42.1.3', port: 8181 },
    ]);
    expect([hasEndpoints(2)(slices), hasEndpoints(3)(slices)]).toEqual([isDone, saw('2 of 3 endpoints ready')]);
  });
  test('a slice without any has none', () => {
    expect(readyEndpoints([{ addressType: 'IPv4' }])).toEqual([]);
  });
});

describe('addresses of the Ingress controller', () => {
  const service = (...ips: string[]): V1Service => ({
    status: { loadBalancer: { ingress: ips.map((ip) => ({ ip })) } },
  });

  test("are the Service's", () =>
    expect(addressesOf([service('198.18.0.10', '198.18.0.11')])).toEqual(['198.18.0.10', '198.18.0.11']));
  test('are the wanted ones in any order, and no others', () => {
    const judge = areAddresses(['a', 'b']);
    expect(judge([service('b', 'a')])).toEqual({ done: true, value: ['b', 'a'] });
    expect(judge([service('a')])).toEqual(saw('a instead of a, b'));
    expect(judge([service('a', 'b', 'c')])).toEqual(saw('a, b, c instead of a, b'));
    expect(judge([])).toEqual(saw('no address instead of a, b'));
    expect(areAddresses([])([{}])).toMatchObject({ done: false });
  });
  test('are there when all are', () => {
    expect(hasAddresses(2)([service('a', 'b')])).toEqual({ done: true, value: ['a', 'b'] });
    expect(hasAddresses(3)([service('a', 'b')])).toEqual(saw('2 of 3 addresses: a, b'));
    expect(hasAddresses(1)([{}])).toEqual(saw('0 of 1 addresses: none'));
    expect(hasAddresses(1)([])).toEqual(saw('the Service of the Ingress controller is not there'));
  });
});

test('nodes of ready pods are named once; a pod that is leaving does not count', () => {
  const pod = (nodeName: string, ready: string, deletionTimestamp?: Date): V1Pod => ({
    metadata: { ...(deletionTimestamp && { deletionTimestamp }) },
    spec: { containers: [], nodeName },
    status: { conditions: [{ type: 'Ready', status: ready }] },
  });
  expect(nodesOf([pod('a', 'True'), pod('a', 'True'), pod('b', 'False'), pod('c', 'True', new Date(0)), {}])).toEqual([
    'a',
  ]);
});

test('what is left is named', () => {
  expect(noneLeft([])).toEqual(isDone);
  expect(noneLeft([{ metadata: { name: 'pod-1' } }])).toEqual(saw('1 left: pod-1'));
});

test('why pods are not ready is told in the words of those who know', () => {
  const pod = (name: string, status: V1Pod['status']): V1Pod => ({ metadata: { name }, ...(status && { status }) });
  const container = { name: 'userlist', image: '', imageID: '', ready: false, restartCount: 0 };
  const notReady = { type: 'Ready', status: 'False', message: 'containers with unready status: [userlist]' };
  expect(
    reasonsOf([
      pod('ready', { conditions: [{ type: 'Ready', status: 'True' }] }),
      pod('no-image', {
        phase: 'Pending',
        conditions: [notReady],
        containerStatuses: [{ ...container, state: { waiting: { reason: 'ErrImagePull', message: 'no such image' } } }],
      }),
      pod('no-place', {
        phase: 'Pending',
        conditions: [
          { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes are available' },
        ],
      }),
      pod('no-answer', {
        phase: 'Running',
        conditions: [notReady],
        containerStatuses: [{ ...container, state: { running: {} } }],
      }),
      pod('fresh', undefined),
    ]),
  ).toEqual([
    'no-image: Pending: ErrImagePull: no such image',
    'no-place: Pending: Unschedulable: 0/3 nodes are available',
    'no-answer: Running: containers with unready status: [userlist]',
    'fresh: ',
  ]);
});
