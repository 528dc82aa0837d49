import { expect, test } from 'vitest';
import { planCluster, type ClusterWish } from '../plan-cluster.ts';
import { placeOf } from '../virtual-address.ts';
import { chartConfigOf, valuesOf } from './chart-config.ts';

const plan = (change: Partial<ClusterWish> = {}) =>
  planCluster(
    { substrate: 'k3s', servers: 1, agents: 2, backend: 'vxlan', loadBalancer: 'servicelb', ...change },
    { tools: 'faultline/tools:1', app: 'faultline/userlist:1', subnet: null },
  );

const SUBNET = '198.18.7.0/24';
const values = (change: Partial<ClusterWish>) => valuesOf(plan(change), SUBNET);

test("where everything is k3s' own, k3s is told nothing", () => {
  expect(chartConfigOf(plan(), SUBNET)).toBeNull();
  expect(chartConfigOf(plan({ controller: 'default', trafficPolicy: 'Cluster' }), SUBNET)).toBeNull();
});

test('the config is for the chart of Traefik, and its values can be read back', () => {
  const config = chartConfigOf(plan({ trafficPolicy: 'Local' }), SUBNET) ?? {};
  const { valuesContent } = ('spec' in config ? config.spec : {}) as { valuesContent: string };
  expect(config).toMatchObject({ kind: 'HelmChartConfig', metadata: { name: 'traefik', namespace: 'kube-system' } });
  expect(JSON.parse(valuesContent)).toEqual({
    service: { spec: { externalTrafficPolicy: 'Local' } },
  });
});

test('the Service asks for the virtual address, and keeps its traffic policy', () => {
  const asked = plan({ loadBalancer: 'metallb-l2', trafficPolicy: 'Local' });
  expect(valuesOf(asked, SUBNET)).toEqual({
    service: {
      spec: { externalTrafficPolicy: 'Local' },
      annotations: {
        'metallb.io/loadBalancerIPs': placeOf(asked, SUBNET)?.address,
        'metallb.io/allow-shared-ip': 'faultline',
      },
    },
  });
});

test('a pair of balancers finds it on a port of every node that is always the same', () => {
  expect(values({ loadBalancer: 'keepalived' })).toEqual({ ports: { web: { nodePort: 30080 } } });
});

test.each([
  ['daemonset', { deployment: { kind: 'DaemonSet' } }],
  ['on-servers', { nodeSelector: { 'node-role.kubernetes.io/control-plane': 'true' } }],
  ['two-replicas', { deployment: { replicas: 2 } }],
])('the layout %s is a value of the chart', (controller, expected) => {
  expect(values({ controller })).toMatchObject(expected);
});

test('fast eviction keeps the tolerations that k3s sets, because a list replaces another', () => {
  const { tolerations } = values({ controller: 'fast-eviction' }) as { tolerations: readonly { key: string }[] };
  expect(tolerations.map(({ key }) => key)).toEqual([
    'CriticalAddonsOnly',
    'node-role.kubernetes.io/control-plane',
    'node-role.kubernetes.io/master',
    'node.kubernetes.io/not-ready',
    'node.kubernetes.io/unreachable',
  ]);
  expect(tolerations.slice(3)).toEqual(
    tolerations.slice(3).map(({ key }) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 10 })),
  );
});

test('two pods on agents are kept apart and off the servers', () => {
  const { affinity } = values({ controller: 'two-replicas', controllerPlace: 'agents' }) as {
    affinity: Readonly<Record<string, unknown>>;
  };
  expect(Object.keys(affinity).toSorted()).toEqual(['nodeAffinity', 'podAntiAffinity']);
});
