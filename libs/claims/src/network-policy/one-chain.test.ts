import { expect, test } from 'vitest';
import { drawPolicies, worldOf } from './draw.ts';
import { reachability, typesOf } from './evaluate.ts';
import { mayConnectByOneChain } from './one-chain.ts';
import { policyOf, type PolicySpec } from './policy.ts';

const world = worldOf((namespace, pod) => `10.42.${'xyz'.indexOf(namespace)}.${11 + 'abc'.indexOf(pod)}`);
const opened = (spec: PolicySpec) => {
  const policies = [policyOf('x', 'one', spec)];
  const specified = reachability(world, policies);
  return reachability(world, policies, mayConnectByOneChain)
    .filter(({ isOpen }, index) => isOpen && !specified[index]?.isOpen)
    .map(({ from, to, port }) => `${from} ${to} ${port}`);
};

test('an egress rule opens the ingress between pods that the policy selects, and of no other', () => {
  const both = { podSelector: { matchLabels: { tier: 'front' } }, policyTypes: ['Ingress', 'Egress'] } as const;
  const ports = ['http', 'admin', 'echo'];
  const between = ['x/a x/b', 'x/b x/a'].flatMap((pair) => ports.map((port) => `${pair} ${port}`));
  expect(opened({ ...both, egress: [{}] })).toEqual(between);
  expect(opened({ ...both, ingress: [{ ports: [{ protocol: 'UDP', port: 'echo' }] }] })).toEqual([
    'x/a x/b echo',
    'x/b x/a echo',
  ]);
});

test('where every policy is about one direction it is the specification', () => {
  const sets = Array.from({ length: 60 }, (_, index) => drawPolicies(8, index, world, 'one'));
  expect(sets.flat().every(({ spec }) => typesOf(spec).length === 1)).toBe(true);
  expect(new Set(sets.flat().flatMap(({ spec }) => typesOf(spec)))).toEqual(new Set(['Ingress', 'Egress']));
  for (const policies of sets)
    expect(reachability(world, policies, mayConnectByOneChain)).toEqual(reachability(world, policies));
});

test('it never shuts what the specification opens', () => {
  for (let index = 0; index < 60; index++) {
    const policies = drawPolicies(8, index, world);
    const byOneChain = reachability(world, policies, mayConnectByOneChain);
    expect(reachability(world, policies).filter(({ isOpen }, at) => isOpen && !byOneChain[at]?.isOpen)).toEqual([]);
  }
});
