import { expect, test } from 'vitest';
import { planCluster, virtualHostOf } from '../plan-cluster.ts';
import { freeOfPool } from '../virtual-address.ts';
import { placeOf } from '../virtual-address.ts';
import { holderOf, metallbL2 } from './metallb-l2.ts';

const plan = (change: { servers?: number; agents?: number } = {}) =>
  planCluster(
    { substrate: 'k3s', servers: 1, agents: 2, backend: 'vxlan', loadBalancer: 'metallb-l2', ...change },
    { tools: 'faultline/tools:1', app: 'faultline/userlist:1', subnet: null },
  );

const SUBNET = '198.18.7.0/24';
const nodes = ['server-0', 'agent-0', 'agent-1'];

test('the announcer is the node with the lowest SHA-256 of its name, a # and the address', () => {
  // By sha256sum, of .200: server-0 5b37.., agent-0 f1fc.., agent-1 5356..; of .201: 2847.., bd42.., fc42..
  expect(holderOf(nodes, '198.18.7.200')).toBe('agent-1');
  expect(holderOf(nodes, '198.18.7.201')).toBe('server-0');
  expect(holderOf(nodes.slice(0, 2), '198.18.7.200')).toBe('server-0');
});

test('who is asked for does not depend on the order in which nodes are named', () => {
  expect(holderOf(nodes.toReversed(), '198.18.7.203')).toBe(holderOf(nodes, '198.18.7.203'));
});

test('the address is one that an agent announces, and after it another: the only server has to live', () => {
  for (const subnet of ['198.18.0.0/24', SUBNET, '198.19.44.0/24', '198.18.179.0/24']) {
    const { address } = placeOf(plan(), subnet) ?? { address: '' };
    const holder = holderOf(nodes, address);
    const successor = holderOf(
      nodes.filter((name) => name !== holder),
      address,
    );
    expect([holder, successor].toSorted()).toEqual(['agent-0', 'agent-1']);
    expect(address).toBe(`${subnet.slice(0, -4)}${virtualHostOf(plan(), subnet)}`);
  }
});

test('without agents it is the first of the pool', () => {
  expect(virtualHostOf(plan({ servers: 3, agents: 0 }), SUBNET)).toBe(200);
});

test("the manifest is upstream's, then our pool and who may announce it", () => {
  const place = placeOf(plan(), SUBNET);
  if (!place) throw new Error('no place');
  const objects = metallbL2.manifests(place);
  expect(objects).toHaveLength(28);
  expect(objects[0]).toMatchObject({ kind: 'Namespace', metadata: { name: 'metallb-system' } });
  expect(objects.at(-2)).toMatchObject({ kind: 'IPAddressPool', spec: { addresses: ['198.18.7.200-198.18.7.219'] } });
  expect(objects.at(-1)).toMatchObject({ kind: 'L2Advertisement', spec: { interfaces: ['eth0'] } });
});

test('the pool lies beyond every node, balancer and client', () => {
  const largest = plan({ servers: 7, agents: 20 });
  const others = [...largest.nodes.map(({ host }) => host), largest.clientHost];
  expect(Math.max(...others)).toBeLessThan(largest.pool?.[0] ?? 0);
});

test('its images and its components are those of its manifest', () => {
  const place = placeOf(plan(), SUBNET);
  const text = JSON.stringify(place && metallbL2.manifests(place));
  for (const image of metallbL2.images({})) expect(text).toContain(`"image":"${image}"`);
  for (const { kind, name } of metallbL2.components({}))
    expect(text).toMatch(new RegExp(`"kind":"${kind}","metadata":{[^}]*}?,?"name":"${name}"`));
});

test('free is what of the pool nobody has', () => {
  const cluster = { plan: { pool: [200, 203] as const }, client: { address: '198.18.7.100' } };
  const all = ['198.18.7.200', '198.18.7.201', '198.18.7.202', '198.18.7.203'];
  expect(freeOfPool({ ...cluster, virtualAddress: '198.18.7.201' })).toEqual(all.toSpliced(1, 1));
  expect(freeOfPool({ ...cluster, virtualAddress: undefined })).toEqual(all);
  expect(freeOfPool({ ...cluster, plan: { pool: null }, virtualAddress: undefined })).toEqual([]);
});
