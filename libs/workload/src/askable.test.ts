import type { KubernetesObject, V1EndpointSlice, V1Service } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { askableOnK3s, removeAskable, serviceAt } from './askable.ts';
import type { Kube, Selection } from './kube.ts';
import type { Manifest } from './manifests.ts';

const { signal } = new AbortController();
const pod = (node: string, address: string) => ({ node, address, port: 8181 });

test('the Service of a node has no selector, and no endpoint but that pod of it', () => {
  const [service, slice] = serviceAt(pod('agent-0', '10.42.1.7'));
  expect(service.spec).not.toHaveProperty('selector');
  expect(slice.metadata.labels['kubernetes.io/service-name']).toBe(service.metadata.name);
  expect(slice.endpoints).toMatchObject([{ addresses: ['10.42.1.7'], nodeName: 'agent-0' }]);
  expect(slice.ports).toMatchObject([{ port: 8181 }]);
});

/** Gives every Service that is applied an address, and knows a DNS of one node. */
function fakeKube(dns: readonly KubernetesObject[] = [DNS]) {
  const applied: Manifest[] = [];
  const services = () =>
    applied
      .filter(({ kind }) => kind === 'Service')
      .map(({ metadata }, index) => ({ metadata, spec: { clusterIP: `10.43.0.${50 + index}` } }));
  const kube = {
    apply: async (manifest: Manifest) => void applied.push(manifest),
    remove: async (manifest: Manifest) => void applied.push(manifest),
    until: async (_what: string, _selection: unknown, judge: (objects: readonly V1Service[]) => { value?: unknown }) =>
      judge(services()).value,
    list: async ({ kind, namespace }: Selection<KubernetesObject>) =>
      namespace !== 'kube-system' ? [] : kind === 'Service' ? dns : [SLICE],
  };
  return { applied, kube: kube as unknown as Kube };
}

const DNS = { spec: { clusterIP: '10.43.0.10' } } as KubernetesObject;
const SLICE: V1EndpointSlice = {
  addressType: 'IPv4',
  ports: [{ port: 53 }],
  endpoints: [{ addresses: ['10.42.2.3'], nodeName: 'agent-1', conditions: { ready: true } }],
};

test('every node has a Service, and DNS is asked for names of its own by way of its Service', async () => {
  const { kube } = fakeKube();
  const pods = [pod('server-0', '10.42.0.7'), pod('agent-0', '10.42.1.7')];
  expect(await askableOnK3s(kube, pods, signal)).toEqual({
    services: [
      { node: 'server-0', address: '10.43.0.50', port: 80 },
      { node: 'agent-0', address: '10.43.0.51', port: 80 },
    ],
    nodePort: 10_250,
    dns: {
      address: '10.43.0.10',
      node: 'agent-1',
      names: ['kubernetes.default.svc.cluster.local', 'userlist.default.svc.cluster.local'],
    },
  });
});

test('a cluster without DNS has none to ask', async () => {
  const { kube } = fakeKube([]);
  expect((await askableOnK3s(kube, [], signal)).dns).toBeUndefined();
});

test('what was made is removed by its name, both parts of it', async () => {
  const { kube, applied } = fakeKube();
  await removeAskable(kube, ['agent-0'], signal);
  expect(applied.map(({ kind, metadata }) => [kind, metadata.name])).toEqual([
    ['Service', 'userlist-at-agent-0'],
    ['EndpointSlice', 'userlist-at-agent-0'],
  ]);
});
