import { expect, test } from 'vitest';
import { LARGE_BYTES, planSweep, type Asker, type SweepMap, type SweepNode } from './plan.ts';

const node = (name: string, index: number): SweepNode => ({
  name,
  address: `198.18.7.${10 + index}`,
  asks: { pod: `pod-${index}`, netns: `/run/netns/pod-${index}` },
  asked: { pod: `pod-${index + 3}`, address: `10.42.${index}.11`, port: 8181 },
  service: { address: `10.43.0.${50 + index}`, port: 80 },
});
const nodes = ['server-0', 'agent-0', 'agent-1'].map(node);
const k3s: SweepMap = {
  nodes,
  nodePort: 10_250,
  dns: { address: '10.43.0.10', node: 'agent-1', names: ['kubernetes.default.svc.cluster.local'] },
};
const bare: SweepMap = {
  nodes: nodes.map(({ name, address, asks, asked }) => ({ name, address, asks: asks!, asked: asked! })),
  nodePort: 80,
};

const counted = (askers: readonly Asker[]): Record<string, number> =>
  Object.fromEntries(
    Object.entries(
      Object.groupBy(
        askers.flatMap(({ asks }) => asks),
        ({ path }) => path,
      ),
    ).map(([path, all]) => [path, new Set(all.map(({ from, to }) => `${from} ${to}`)).size]),
  );

test('every ordered pair of nodes is asked on every path, and the node of the DNS by each', () => {
  expect(counted(planSweep(k3s))).toEqual({
    'pod-pod': 9,
    'pod-pod-large': 9,
    'pod-service': 9,
    'pod-node': 9,
    'node-pod': 9,
    'node-service': 9,
    dns: 3,
  });
});

test('where there are no Services and no DNS, the other paths are asked', () => {
  expect(counted(planSweep(bare))).toEqual({ 'pod-pod': 9, 'pod-pod-large': 9, 'pod-node': 9, 'node-pod': 9 });
});

test('a pod asks in its own network namespace, by way of the side-car; a node asks in its own', () => {
  expect(planSweep(k3s).map(({ node: on, vantage }) => [on, vantage.netns])).toEqual([
    ['server-0', '/proc/1/root/run/netns/pod-0'],
    ['server-0', undefined],
    ['agent-0', '/proc/1/root/run/netns/pod-1'],
    ['agent-0', undefined],
    ['agent-1', '/proc/1/root/run/netns/pod-2'],
    ['agent-1', undefined],
  ]);
});

test('through the Service of a node only its own pod is a good answer, and large answers are larger than any MTU', () => {
  const [pod] = planSweep(k3s);
  const find = (path: string) => pod?.asks.find((ask) => ask.path === path && ask.to === 'agent-0')?.how;
  expect(find('pod-service')).toEqual({ kind: 'whoami', address: '10.43.0.51', port: 80, pod: 'pod-4', pad: 0 });
  expect(find('pod-pod-large')).toMatchObject({ address: '10.42.1.11', pod: 'pod-4', pad: LARGE_BYTES });
  expect(LARGE_BYTES).toBeGreaterThan(4 * 1500);
});

test('the only pod of a node does not ask itself', () => {
  const alone = nodes.map((one, index) => ({ ...one, asked: { ...one.asked!, pod: `pod-${index}` } }));
  expect(counted(planSweep({ ...k3s, nodes: alone }))).toMatchObject({ 'pod-pod': 6, 'pod-service': 6, 'node-pod': 9 });
});

test('a node without pods is asked by others, and asks as a node', () => {
  const [first, second, { name, address }] = nodes as [SweepNode, SweepNode, SweepNode];
  expect(counted(planSweep({ ...bare, nodes: [first, second, { name, address }] }))).toEqual({
    'pod-pod': 4,
    'pod-pod-large': 4,
    'pod-service': 4,
    'pod-node': 6,
    'node-pod': 6,
    'node-service': 6,
  });
});
