import { planCluster } from '@faultline/cluster/plan';
import { parse } from 'yaml';
import { expect, test } from 'vitest';
import type { Bundle } from '../bundle/bundle.ts';
import { exampleBundle } from '../bundle/example.ts';
import { manifestsOf } from './manifests.ts';

const plan = planCluster(
  { substrate: 'k3s', servers: 1, agents: 1, backend: 'vxlan', loadBalancer: 'metallb-l2' },
  { tools: 'tools', app: 'app', subnet: null },
);
const manifests = (change: Partial<Bundle>) =>
  manifestsOf({ ...exampleBundle(), ...change }, { plan, app: 'app', subnet: '198.18.7.0/24' });

test('namespaces come before what is in them, and nodes get their labels and taints back', () => {
  const [node] = exampleBundle().about.nodes;
  if (!node) throw new Error('the example has a node');
  const about = {
    ...exampleBundle().about,
    nodes: [{ ...node, labels: { disk: 'ssd' }, taints: ['dedicated=edge:NoSchedule', 'alone:NoExecute'] }],
  };
  const made = manifests({ about });
  expect(made.slice(0, 2).map(({ kind, metadata }) => [kind, metadata.name])).toEqual([
    ['Node', 'server-0'],
    ['Namespace', 'shop'],
  ]);
  expect(made[0]).toMatchObject({
    metadata: { labels: { disk: 'ssd' } },
    spec: {
      taints: [
        { key: 'dedicated', value: 'edge', effect: 'NoSchedule' },
        { key: 'alone', effect: 'NoExecute' },
      ],
    },
  });
});

test("addresses are those of the replay's own subnet", () => {
  const made = manifests({
    objects: [
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'x', namespace: 'shop' },
        spec: { loadBalancerIP: '198.18.0.211', loadBalancerSourceRanges: ['198.18.0.0/24', '10.0.0.0/8'] },
      },
    ],
  });
  expect(made.at(-1)).toMatchObject({
    spec: { loadBalancerIP: '198.18.7.211', loadBalancerSourceRanges: ['198.18.7.0/24', '10.0.0.0/8'] },
  });
});

test("the user's values of the chart stay, under those by which the replay's load balancer works", () => {
  const valuesContent = 'deployment: {replicas: 2}\nservice: {spec: {externalTrafficPolicy: Local}}';
  const made = manifests({
    objects: [
      {
        apiVersion: 'helm.cattle.io/v1',
        kind: 'HelmChartConfig',
        metadata: { name: 'traefik', namespace: 'kube-system' },
        spec: { valuesContent },
      },
    ],
  });
  const config = made.find(({ kind }) => kind === 'HelmChartConfig')?.['spec'] as { valuesContent: string };
  const values = parse(config.valuesContent) as { service: { annotations: object } };
  expect(values).toMatchObject({ deployment: { replicas: 2 }, service: { spec: { externalTrafficPolicy: 'Local' } } });
  expect(JSON.stringify(values.service.annotations)).toContain('198.18.7.');
});

test('where a password was asked for, one is asked for that nobody knows', () => {
  const made = manifests({
    objects: [
      {
        apiVersion: 'traefik.io/v1alpha1',
        kind: 'Middleware',
        metadata: { name: 'in', namespace: 'shop' },
        spec: { basicAuth: { secret: 'stand-in' } },
      },
    ],
  });
  expect(made.find(({ kind }) => kind === 'Secret')).toMatchObject({
    metadata: { name: 'stand-in', namespace: 'shop' },
  });
});
