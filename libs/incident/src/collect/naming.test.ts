import { expect, test } from 'vitest';
import { Naming, virtualAddresses } from './naming.ts';
import { nodesOf } from './nodes.ts';
import { Omissions } from './omissions.ts';
import type { RawObject } from './object.ts';

const node = (name: string, address: string, labels: object = {}): RawObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels },
  status: { addresses: [{ type: 'InternalIP', address }] },
});
const service = (address: string): RawObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { loadBalancerIP: address },
  status: { loadBalancer: { ingress: [{ ip: address }] } },
});
const naming = (virtual = '192.168.7.240') => {
  const nodes = [
    node('rack-2', '192.168.7.32'),
    node('rack-1', '192.168.7.31', { 'node-role.kubernetes.io/master': '' }),
  ];
  return new Naming(nodesOf(nodes, new Set(), new Omissions()), virtualAddresses([service(virtual)]));
};

test('nodes are called by their role, servers first, and so are their addresses', () => {
  expect(naming().node('rack-1')).toBe('server-0');
  expect(naming().words('Node rack-2 (192.168.7.32) is not rack-22 at 192.168.7.320')).toBe(
    'Node agent-0 (198.18.0.11) is not rack-22 at 192.168.7.320',
  );
});

test('an address of a load balancer becomes one of the pool', () => {
  expect(naming().addresses('192.168.7.240')).toBe('198.18.0.210');
});

test('an address that is one of ours already keeps its place: a captured replay is the bundle again', () => {
  expect(naming('198.18.44.203').addresses('198.18.44.203')).toBe('198.18.0.203');
});

test('the network of the nodes becomes that of the replay; any other, and all of them, stay', () => {
  const { addresses } = { addresses: (text: string) => naming().addresses(text) };
  expect(addresses('192.168.7.0/24')).toBe('198.18.0.0/24');
  expect(addresses('192.168.0.0/16')).toBe('198.18.0.0/24');
  expect(addresses('0.0.0.0/0')).toBe('0.0.0.0/0');
  expect(addresses('10.42.0.0/16')).toBe('10.42.0.0/16');
  expect(addresses('192.168.7.32/32')).toBe('198.18.0.11/32');
});

test('a node is named where pods are placed by it, and nowhere else: a workload may be called as a node is', () => {
  const placed = naming().object({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'rack-1', namespace: 'shop' },
    spec: {
      template: {
        spec: {
          nodeSelector: { 'kubernetes.io/hostname': 'rack-2' },
          affinity: { expressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['rack-1'] }] },
        },
      },
    },
  });
  expect(placed.metadata.name).toBe('rack-1');
  expect(placed.spec).toEqual({
    template: {
      spec: {
        nodeSelector: { 'kubernetes.io/hostname': 'agent-0' },
        affinity: { expressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['server-0'] }] },
      },
    },
  });
});
