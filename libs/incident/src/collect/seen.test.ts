import { expect, test } from 'vitest';
import { collect } from './collect.ts';
import type { RawObject } from './object.ts';

const service: RawObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { selector: { app: 'web' }, type: 'LoadBalancer' },
  status: { loadBalancer: { ingress: [{ ip: '192.168.7.31' }, { ip: '192.168.7.240' }] } },
};
const node: RawObject = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'rack-1', labels: { 'node-role.kubernetes.io/control-plane': 'true' } },
  status: { addresses: [{ type: 'InternalIP', address: '192.168.7.31' }] },
};
const slice = (name: string, endpoints: readonly object[], addressType = 'IPv4'): RawObject => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name, namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
  addressType,
  endpoints,
});
const endpoint = (address: string, conditions: object) => ({ addresses: [address], conditions });
const sawOf = (what: string, ...all: readonly RawObject[]) => collect(all).seen.find((one) => one.what === what)?.saw;

test('a pod is counted once, whatever slices it is in; one that leaves is not counted', () => {
  const slices = [
    slice('a', [endpoint('10.42.0.5', { ready: true }), endpoint('10.42.0.6', { ready: false })]),
    slice('b', [endpoint('10.42.0.5', { ready: true }), endpoint('10.42.0.7', { ready: false, terminating: true })]),
    slice('c', [endpoint('fd00::5', { ready: true })], 'IPv6'),
  ];
  expect(sawOf('Endpoints shop/web', service, ...slices)).toBe('1 of 2 ready');
});

test('an address is the node that has it, and any other is a virtual one', () => {
  expect(sawOf('Addresses of Service shop/web', service, node)).toBe('a virtual address, server-0');
});

test('a node of which nobody says that it is Ready is not', () => {
  expect(sawOf('Node server-0', node)).toBe('NotReady');
});

test('a Helm job that went through after it failed is through', () => {
  const job = (status: object): RawObject => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'helm-install-traefik', namespace: 'kube-system' },
    status,
  });
  const what = 'Job kube-system/helm-install-traefik';
  expect(sawOf(what, job({ succeeded: 1, failed: 2 }))).toBe('through');
  expect(sawOf(what, job({ failed: 2 }))).toBe('failing');
  expect(sawOf(what, job({}))).toBe('not through');
});
