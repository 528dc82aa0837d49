/** The examples of kubernetes.io/docs/concepts/services-networking/network-policies, by hand, and what must always hold. */
import { describe, expect, test } from 'vitest';
import { isInNetwork } from './cidr.ts';
import { drawPolicies, worldOf } from './draw.ts';
import { mayConnect, reachability } from './evaluate.ts';
import { policyOf, podName, type NetworkPolicy, type PolicySpec, type WorldPod } from './policy.ts';

/** x's pods on 10.42.0, y's on .1, z's on .2; a, b and c are .11, .12, .13. */
const world = worldOf((namespace, pod) => `10.42.${'xyz'.indexOf(namespace)}.${11 + 'abc'.indexOf(pod)}`);

const pod = (name: string): WorldPod => world.pods.find((one) => podName(one) === name)!;

function isOpen(policies: readonly NetworkPolicy[], from: string, to: string, port = 'http'): boolean {
  const target = pod(to);
  return mayConnect(world, policies, {
    from: pod(from),
    to: target,
    port: target.ports.find(({ name }) => name === port)!,
  });
}

const inX = (spec: PolicySpec, name = 'one'): NetworkPolicy => policyOf('x', name, spec);
const denyIngress = inX({ podSelector: {}, policyTypes: ['Ingress'] });

describe('the examples of the documentation', () => {
  test('without a policy everything is open', () => {
    expect(reachability(world, []).every((cell) => cell.isOpen)).toBe(true);
    expect(reachability(world, [])).toHaveLength(9 * 8 * 3);
  });

  test('default deny of ingress shuts the namespace to all, and leaves the way out open', () => {
    expect(isOpen([denyIngress], 'y/a', 'x/a')).toBe(false);
    expect(isOpen([denyIngress], 'x/b', 'x/a')).toBe(false);
    expect(isOpen([denyIngress], 'x/a', 'y/a')).toBe(true);
  });

  test('an empty ingress rule allows everything, beside a default deny as well', () => {
    const allowAll = inX({ podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] }, 'two');
    expect(isOpen([denyIngress, allowAll], 'y/a', 'x/a')).toBe(true);
  });

  test('default deny of egress shuts the way out, and not the way in', () => {
    const denyEgress = inX({ podSelector: {}, policyTypes: ['Egress'] });
    expect(isOpen([denyEgress], 'x/a', 'y/a')).toBe(false);
    expect(isOpen([denyEgress], 'y/a', 'x/a')).toBe(true);
  });

  test('two items in from are alternatives, two selectors in one item must both match', () => {
    const byNamespace = { namespaceSelector: { matchLabels: { ns: 'y' } } };
    const byPod = { podSelector: { matchLabels: { pod: 'b' } } };
    const either = inX({ podSelector: {}, ingress: [{ from: [byNamespace, byPod] }] });
    const both = inX({ podSelector: {}, ingress: [{ from: [{ ...byNamespace, ...byPod }] }] });
    expect(['y/a', 'y/b', 'x/b', 'x/c', 'z/b'].map((from) => isOpen([either], from, 'x/a'))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(['y/a', 'y/b', 'x/b', 'x/c', 'z/b'].map((from) => isOpen([both], from, 'x/a'))).toEqual([
      false,
      true,
      false,
      false,
      false,
    ]);
  });

  test('an ipBlock leaves its exceptions out', () => {
    const block = inX({
      podSelector: {},
      ingress: [{ from: [{ ipBlock: { cidr: '10.42.1.0/24', except: ['10.42.1.12/32'] } }] }],
    });
    expect(['y/a', 'y/b', 'y/c', 'z/a'].map((from) => isOpen([block], from, 'x/a'))).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  test('a range of ports ends with endPort, that included', () => {
    const range = (endPort: number) => inX({ podSelector: {}, ingress: [{ ports: [{ port: 8180, endPort }] }] });
    expect(isOpen([range(8181)], 'y/a', 'x/a', 'http')).toBe(true);
    expect(isOpen([range(8190)], 'y/a', 'x/a', 'admin')).toBe(false);
    expect(isOpen([range(8191)], 'y/a', 'x/a', 'admin')).toBe(true);
  });

  test('a port without a protocol is TCP, and a protocol without a port is all of its ports', () => {
    expect(isOpen([inX({ podSelector: {}, ingress: [{ ports: [{ port: 8182 }] }] })], 'y/a', 'x/a', 'echo')).toBe(
      false,
    );
    const udp = inX({ podSelector: {}, ingress: [{ ports: [{ protocol: 'UDP' }] }] });
    expect(isOpen([udp], 'y/a', 'x/a', 'echo')).toBe(true);
    expect(isOpen([udp], 'y/a', 'x/a', 'http')).toBe(false);
  });

  test('a name of a port is that of the pod that is asked', () => {
    const named = inX({ podSelector: {}, ingress: [{ ports: [{ port: 'admin' }] }] });
    expect(isOpen([named], 'y/a', 'x/a', 'admin')).toBe(true);
    expect(isOpen([named], 'y/a', 'x/a', 'http')).toBe(false);
  });

  test('without policyTypes it is Ingress, and Egress only where it has such rules', () => {
    const silent = inX({ podSelector: {}, ingress: [{}] });
    const both = inX({ podSelector: {}, ingress: [{}], egress: [{ to: [{ podSelector: {} }] }] });
    expect(isOpen([silent], 'x/a', 'y/a')).toBe(true);
    expect(isOpen([both], 'x/a', 'y/a')).toBe(false);
    expect(isOpen([both], 'x/a', 'x/b')).toBe(true);
  });

  test('both ends have to allow it', () => {
    const out = inX({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ namespaceSelector: {} }] }] });
    const shut = policyOf('y', 'shut', { podSelector: {}, policyTypes: ['Ingress'] });
    expect(isOpen([out], 'x/a', 'y/a')).toBe(true);
    expect(isOpen([out, shut], 'x/a', 'y/a')).toBe(false);
  });

  test('NotIn is met by a pod that has no such label, In is not', () => {
    const by = (operator: 'In' | 'NotIn') =>
      inX({
        podSelector: {},
        ingress: [{ from: [{ podSelector: { matchExpressions: [{ key: 'tier', operator, values: ['back'] }] } }] }],
      });
    expect(isOpen([by('NotIn')], 'x/c', 'x/a')).toBe(true);
    expect(isOpen([by('In')], 'x/c', 'x/a')).toBe(false);
  });
});

describe('what always holds', () => {
  const sets = Array.from({ length: 200 }, (_, index) => drawPolicies(7, index, world));
  const openOf = (policies: readonly NetworkPolicy[]) =>
    new Set(
      reachability(world, policies)
        .filter((cell) => cell.isOpen)
        .map(({ from, to, port }) => `${from} ${to} ${port}`),
    );

  test('the order of policies means nothing', () => {
    for (const policies of sets) expect(openOf(policies.toReversed())).toEqual(openOf(policies));
  });

  test('a policy more never shuts what was allowed to pods that were isolated before', () => {
    const deny = ['x', 'y', 'z'].map((namespace) =>
      policyOf(namespace, 'deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }),
    );
    for (const [first = [], second = []] of sets.map((set, index) => [set, sets[(index + 1) % sets.length]])) {
      const fewer = openOf([...deny, ...first]);
      expect(fewer.isSubsetOf(openOf([...deny, ...first, ...second]))).toBe(true);
    }
  });

  test('a policy opens nothing that was shut by none, and shuts nothing between other namespaces', () => {
    for (const policies of sets) {
      const own = new Set(policies.map(({ metadata }) => metadata.namespace));
      const shut = reachability(world, policies).filter((cell) => !cell.isOpen);
      for (const { from, to } of shut) expect(own.has(from[0]!) || own.has(to[0]!)).toBe(true);
    }
  });

  test('what is drawn has some of everything, and comes out both ways', () => {
    const text = JSON.stringify(sets);
    for (const word of [
      'ipBlock',
      'except',
      'endPort',
      'namespaceSelector',
      'NotIn',
      'DoesNotExist',
      'UDP',
      '"admin"',
      'Egress',
    ]) {
      expect(text.split(word).length - 1, word).toBeGreaterThan(10);
    }
    const cells = sets.flatMap((policies) => reachability(world, policies));
    const open = cells.filter((cell) => cell.isOpen).length / cells.length;
    expect(open).toBeGreaterThan(0.3);
    expect(open).toBeLessThan(0.95);
    expect(drawPolicies(7, 3, world)).toEqual(drawPolicies(7, 3, world));
  });
});

test.each([
  ['10.42.1.12', '10.42.1.0/24', true],
  ['10.42.1.12', '10.42.0.0/24', false],
  ['10.42.1.12', '10.42.1.12/32', true],
  ['10.42.1.13', '10.42.1.12/32', false],
  ['198.18.0.1', '0.0.0.0/0', true],
  ['200.1.1.1', '128.0.0.0/1', true],
])('%s in %s: %s', (address, cidr, expected) => {
  expect(isInNetwork(address, cidr)).toBe(expected);
});

test('what is no network is refused', () => {
  expect(() => isInNetwork('10.42.1.12', '10.42.1.0/33')).toThrow(RangeError);
  expect(() => isInNetwork('10.42.1', '10.42.1.0/24')).toThrow(RangeError);
});
