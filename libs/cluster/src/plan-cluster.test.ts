import { describe, expect, test } from 'vitest';
import { needsOf, planCluster, type ClusterWish } from './plan-cluster.ts';

const options = { tools: 'faultline/tools:1', app: 'faultline/userlist:1', subnet: null };
const onBare: ClusterWish = { substrate: 'bare', servers: 1, agents: 2, backend: 'vxlan', loadBalancer: 'keepalived' };
const onK3s: ClusterWish = { ...onBare, substrate: 'k3s', loadBalancer: 'servicelb' };

describe('a plan', () => {
  test('names nodes by role, servers first, from .10 on', () => {
    const plan = planCluster({ ...onK3s, servers: 3, agents: 1 }, options);
    expect(plan.nodes.map(({ name, host }) => `${name} .${host}`)).toEqual([
      'server-0 .10',
      'server-1 .11',
      'server-2 .12',
      'agent-0 .13',
    ]);
  });

  test('gives bare nodes their pod networks, and leaves those of k3s to Flannel', () => {
    expect(planCluster(onBare, options).nodes.map(({ podSubnet }) => podSubnet)).toEqual([
      '10.42.0.0/24',
      '10.42.1.0/24',
      '10.42.2.0/24',
    ]);
    expect(planCluster(onK3s, options).nodes.map(({ podSubnet }) => podSubnet)).toEqual([null, null, null]);
  });

  test('has a virtual address where the load balancer holds one', () => {
    expect(planCluster(onBare, options).virtualHost).toBe(200);
    expect(planCluster(onK3s, options).virtualHost).toBeNull();
  });

  test("lists the images: ours alone on bare, the release's too on k3s", () => {
    expect(planCluster(onBare, options).images).toEqual(['faultline/tools:1', 'faultline/userlist:1']);
    expect(planCluster({ ...onK3s, k3s: 'v1.32.1+k3s1' }, options).images).toContain('rancher/k3s:v1.32.1-k3s1');
  });

  test('of the largest cluster keeps nodes, client and virtual address apart', () => {
    const plan = planCluster({ ...onK3s, servers: 7, agents: 20 }, options);
    expect(plan.nodes.at(-1)?.host).toBeLessThan(plan.clientHost);
  });
});

test('a cluster needs of the kernel what its backend and its load balancer need', () => {
  expect(needsOf({ backend: 'vxlan', loadBalancer: 'keepalived' })).toEqual(['vxlan']);
  expect(needsOf({ backend: 'host-gw', loadBalancer: 'keepalived' })).toEqual([]);
});

describe('a wish that cannot be', () => {
  test.each([
    [{ ...onBare, backend: 'vxlna' }, 'backend: unknown value "vxlna". Did you mean vxlan? Allowed: vxlan, host-gw'],
    [{ ...onBare, loadBalancer: 'metallb' }, 'loadBalancer: unknown value "metallb". Allowed: servicelb, keepalived'],
    [{ ...onBare, loadBalancer: 'toString' }, 'loadBalancer: unknown value "toString"'],
    [{ ...onBare, substrate: 'kind' }, 'substrate: unknown value "kind". Allowed: k3s, bare'],
    [
      { ...onBare, loadBalancer: 'servicelb' },
      'loadBalancer: servicelb works on k3s only. Allowed on bare: keepalived',
    ],
    [
      { ...onK3s, loadBalancer: 'keepalived' },
      'loadBalancer: keepalived works on bare only. Allowed on k3s: servicelb',
    ],
    [{ ...onBare, servers: 0 }, 'servers: 0. Allowed: a whole number from 1 to 7'],
    [{ ...onBare, agents: 21 }, 'agents: 21. Allowed: a whole number from 0 to 20'],
    [{ ...onBare, agents: 1.5 }, 'agents: 1.5. Allowed: a whole number from 0 to 20'],
    [{ ...onK3s, servers: 2 }, 'etcd with two members'],
    [{ ...onBare, k3s: 'v1.33.3+k3s1' }, 'There is no k3s on the substrate bare'],
    [{ ...onK3s, k3s: 'v1.33.4+k3s1' }, 'Nearest known: v1.33.3+k3s1'],
  ])('%o is refused with what is allowed', (wish, message) => {
    expect(() => planCluster(wish, options)).toThrow(message);
  });

  test.each(['10.0.0.0/24', '198.18.7.0/16', '198.20.7.0/24', '198.18.256.0/24', '198.18.7.1/24', ''])(
    'the subnet "%s" is refused',
    (subnet) => {
      expect(() => planCluster(onBare, { ...options, subnet })).toThrow('Allowed: a /24 of 198.18.0.0/15');
    },
  );

  test.each(['198.18.0.0/24', '198.19.255.0/24'])('the subnet %s is taken', (subnet) => {
    expect(planCluster(onBare, { ...options, subnet }).subnet).toBe(subnet);
  });
});
