import { planCluster } from '@faultline/cluster/plan';
import { expect, test } from 'vitest';
import { bundleOfCluster } from '../collect/collect.ts';
import { nodesOf } from '../collect/nodes.ts';
import type { RawObject } from '../collect/object.ts';
import { Omissions } from '../collect/omissions.ts';
import { nearest } from './nearest.ts';

interface NodeWish {
  readonly server?: boolean;
  readonly release?: string;
  readonly args?: readonly string[];
  readonly backend?: string;
  readonly ready?: boolean;
}

const node = (
  name: string,
  { server = false, release = 'v1.33.3+k3s1', args = [], ...rest }: NodeWish = {},
): RawObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name,
    labels: server ? { 'node-role.kubernetes.io/control-plane': 'true' } : {},
    annotations: {
      'k3s.io/node-args': JSON.stringify([server ? 'server' : 'agent', ...args]),
      ...(rest.backend !== undefined && { 'flannel.alpha.coreos.com/backend-type': rest.backend }),
    },
  },
  status: {
    conditions: [{ type: 'Ready', status: rest.ready === false ? 'Unknown' : 'True' }],
    nodeInfo: { kubeletVersion: release },
  },
});
const object = (kind: string, name: string, namespace: string, spec: object = {}): RawObject => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name, namespace },
  spec,
});
const traefik = object('Deployment', 'traefik', 'kube-system', { replicas: 1 });
const servicelb = object('DaemonSet', 'svclb-traefik-0a1b2c3d', 'kube-system');
const server = (wish: NodeWish = {}) => node('one', { server: true, backend: 'vxlan', ...wish });

function found(...all: readonly RawObject[]) {
  const near = nearest(all, nodesOf(all, new Set(), new Omissions()));
  // Whatever it is, it can be booted.
  const images = { tools: 'tools', app: 'app', subnet: null };
  planCluster({ ...near.cell, ...near.topology, settings: near.settings, k3s: near.k3s.taken }, images);
  return near;
}

test('what Faultline can boot is taken as it is, without a note', () => {
  const { notes, ...near } = found(server(), node('two'), traefik, servicelb);
  expect(notes).toEqual([]);
  expect(near).toMatchObject({
    topology: { servers: 1, agents: 1 },
    cell: { backend: 'vxlan', loadBalancer: 'servicelb', controller: 'default', trafficPolicy: 'Cluster' },
    k3s: { taken: 'v1.33.3+k3s1' },
  });
});

test.for([
  ['v1.31.9+k3s1', 'v1.32.1+k3s1'],
  ['v1.33.7+k3s1', 'v1.33.3+k3s1'],
  ['v1.34.2+k3s1', 'v1.35.1+k3s1'],
  ['v1.40.0+k3s1', 'v1.35.1+k3s1'],
] as const)('of releases the nearest minor is taken, and said: %s is %s here', ([release, taken]) => {
  const { k3s, notes } = found(server({ release }), traefik, servicelb);
  expect(k3s).toEqual({ seen: release, taken });
  expect(notes).toEqual([`k3s ${release}: ${taken} here`]);
});

test('two servers are three, because no plan has two', () => {
  const { topology, notes } = found(server(), node('two', { server: true }), traefik, servicelb);
  expect(topology.servers).toBe(3);
  expect(notes).toEqual(['2 servers: 3 here']);
});

test('the backend is that of the flag, or what Flannel says of itself', () => {
  expect(found(server({ args: ['--flannel-backend', 'host-gw'] }), traefik, servicelb).cell.backend).toBe('host-gw');
  expect(found(server({ backend: 'wireguard' }), traefik, servicelb).cell.backend).toBe('wireguard-native');
  expect(found(server({ args: ['--flannel-backend=none'] }), traefik, servicelb).notes[0]).toContain('vxlan here');
});

test('of two load balancers that fight the one is taken that somebody installed, and it is said', () => {
  const { cell, notes } = found(server(), traefik, servicelb, object('DaemonSet', 'speaker', 'metallb-system'));
  expect(cell.loadBalancer).toBe('metallb-l2');
  expect(notes[0]).toMatch(/^two load balancers \(.*\): metallb-l2 alone here$/);
});

test("kube-vip's leases are those of a replay, and of its environment nothing else is read", () => {
  const env = [
    { name: 'vip_leaseduration', value: '5' },
    { name: 'vip_renewdeadline', value: '3' },
    { name: 'vip_retryperiod', value: '1' },
    { name: 'bgp_password', value: 'purple-monkey' },
  ];
  const daemon = (words: readonly object[]) =>
    object('DaemonSet', 'kube-vip-ds', 'kube-system', { template: { spec: { containers: [{ env: words }] } } });
  const disabled = server({ args: ['--disable', 'servicelb'] });
  expect(found(disabled, traefik, daemon(env)).settings).toEqual({ timing: '5/3/1' });
  const odd = found(disabled, traefik, daemon([{ name: 'vip_leaseduration', value: '30' }]));
  expect([odd.settings, odd.notes]).toEqual([{}, ['kube-vip with leases of 30/10/2 s: 15/10/2 here']]);
});

test('the layout of Traefik is seen, and a node that was down is named', () => {
  const two = object('Deployment', 'traefik', 'kube-system', { replicas: 2 });
  expect(found(server(), node('two'), two, servicelb).cell.controller).toBe('two-replicas');
  const values = object('HelmChartConfig', 'traefik', 'kube-system');
  expect(found(server(), node('two'), two, values, servicelb).cell.controller).toBe('default');
  const daemons = object('DaemonSet', 'traefik', 'kube-system');
  const { cell, notes } = found(server(), node('two', { ready: false }), daemons, servicelb);
  expect(cell.controller).toBe('daemonset');
  expect(notes[0]).toContain('agent-0 was not Ready');
});

test('where no Node was read, some cluster is better than none', () => {
  expect(found(servicelb).topology).toEqual({ servers: 1, agents: 2 });
});

test('of more nodes than there is room for, only those are to be seen again that a replay has', () => {
  const agents = Array.from({ length: 25 }, (_, index) => node(`agent-of-${String(index).padStart(3, '0')}`));
  const options = { made: '2026-11-22T01:30:00.000Z', by: { commit: null, dirty: false }, from: 'cluster' } as const;
  const { about, scenario } = bundleOfCluster([server(), ...agents, traefik, servicelb], options);
  expect(scenario.topology).toEqual({ servers: 1, agents: 20 });
  expect(about.nodes).toHaveLength(21);
  expect(about.seen.filter(({ what }) => what.startsWith('Node '))).toHaveLength(21);
  expect(about.notes).toContain('25 agents: 20 here');
});
