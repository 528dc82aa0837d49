import { describe, expect, test } from 'vitest';
import { needsOf, planCluster, virtualHostOf, type ClusterWish } from './plan-cluster.ts';

const options = { tools: 'faultline/tools:1', app: 'faultline/userlist:1', subnet: null };
const onBare: ClusterWish = { substrate: 'bare', servers: 1, agents: 2, backend: 'vxlan', loadBalancer: 'keepalived' };
const onK3s: ClusterWish = { ...onBare, substrate: 'k3s', loadBalancer: 'servicelb' };
const kubeVip: ClusterWish = { ...onK3s, loadBalancer: 'kube-vip-arp' };

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
    const host = (wish: ClusterWish) => virtualHostOf(planCluster(wish, options), '198.18.7.0/24');
    expect(host(onBare)).toBe(200);
    expect(planCluster(onBare, options).pool).toEqual([200, 219]);
    expect(host(onK3s)).toBeNull();
    expect(planCluster(onK3s, options).pool).toBeNull();
  });

  test("lists the images: ours alone on bare, the release's too on k3s", () => {
    expect(planCluster(onBare, options).images).toEqual(['faultline/tools:1', 'faultline/userlist:1']);
    expect(planCluster({ ...onK3s, k3s: 'v1.32.1+k3s1' }, options).images).toContain('rancher/k3s:v1.32.1-k3s1');
  });

  test('has every setting of its load balancer, those that were left out by default', () => {
    const { settings } = planCluster(
      { ...kubeVip, settings: { timing: '5/3/1', servicesElection: 'true' } },
      options,
    ).spec;
    expect(settings).toEqual({ version: 'v1.2.3', timing: '5/3/1', servicesElection: true, cloudProvider: false });
  });

  test('lists the images of the load balancer, by its settings', () => {
    expect(planCluster({ ...onK3s, loadBalancer: 'metallb-l2' }, options).images).toEqual(
      expect.arrayContaining(['quay.io/metallb/controller:v0.15.3', 'quay.io/metallb/speaker:v0.15.3']),
    );
    const provider = 'ghcr.io/kube-vip/kube-vip-cloud-provider:v0.0.12';
    expect(planCluster({ ...kubeVip, settings: { cloudProvider: true } }, options).images).toContain(provider);
    expect(planCluster(kubeVip, options).images).not.toContain(provider);
  });

  test('has a pair of balancers where the load balancer stands before k3s, and none on bare', () => {
    const pair = planCluster({ ...onK3s, loadBalancer: 'keepalived' }, options).balancers;
    expect(pair.map(({ name, role, host }) => `${name} ${role} .${host}`)).toEqual([
      'lb-0 balancer .20',
      'lb-1 balancer .21',
    ]);
    expect(planCluster(onBare, options).balancers).toEqual([]);
  });

  test('takes for bare what is nothing there, so that one spec serves both', () => {
    const { spec } = planCluster({ ...onBare, controller: 'default', trafficPolicy: 'Cluster' }, options);
    expect(spec).not.toHaveProperty('controller');
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
    [
      { ...onBare, backend: 'vxlna' },
      'backend: unknown value "vxlna". Did you mean vxlan? Allowed: vxlan, vxlan-direct',
    ],
    [
      { ...onK3s, backend: 'wireguard' },
      'wireguard was removed from k3s in v1.26: a server told to use it does not start',
    ],
    [{ ...onK3s, backend: 'wireguard' }, 'Take wireguard-native'],
    [{ ...onK3s, backend: 'ipsec' }, 'ipsec was removed from k3s in v1.27'],
    [{ ...onBare, backend: 'wireguard-native' }, 'wireguard-native works on k3s only'],
    [{ ...onK3s, backend: 'none' }, 'no node would ever be Ready. Next: --cni <manifest.yaml>'],
    [{ ...onK3s, cni: { name: 'calico.yaml', manifest: '' } }, 'two networks would fight over the pods'],
    [
      { ...onBare, loadBalancer: 'metallb' },
      'unknown value "metallb". Did you mean metallb-l2? Allowed: servicelb, metallb-l2',
    ],
    [{ ...onBare, loadBalancer: 'toString' }, 'loadBalancer: unknown value "toString"'],
    [{ ...onBare, substrate: 'kind' }, 'substrate: unknown value "kind". Allowed: k3s, bare'],
    [
      { ...onBare, loadBalancer: 'servicelb' },
      'loadBalancer: servicelb works on k3s only. Allowed on bare: keepalived',
    ],
    [{ ...onK3s, loadBalancer: 'servicelb,metallb-l2' }, 'Each would write the status of the same Service'],
    [{ ...onK3s, loadBalancer: 'servicelb + metallb' }, 'unknown value "metallb". Did you mean metallb-l2?'],
    [{ ...onK3s, loadBalancer: 'keepalived', agents: 10 }, 'With keepalived there is room for 10 nodes in all'],
    [
      { ...kubeVip, settings: { timming: '5/3/1' } },
      'has no setting "timming". Did you mean timing? Allowed: version,',
    ],
    [{ ...kubeVip, settings: { timing: '5/3/2' } }, 'settings.timing: unknown value "5/3/2"'],
    [{ ...kubeVip, settings: { timing: '5/3/2' } }, 'Allowed: 15/10/2, 5/3/1'],
    [
      { ...kubeVip, settings: { cloudProvider: 'yes' } },
      'settings.cloudProvider: unknown value "yes". Allowed: true, false',
    ],
    [{ ...onK3s, settings: { timing: '5/3/1' } }, 'settings: servicelb has no setting "timing". It has none'],
    [{ ...onK3s, controller: 'two-replica' }, 'controller: unknown value "two-replica". Did you mean two-replicas?'],
    [{ ...onK3s, controllerPlace: 'agent' }, 'Did you mean agents? Allowed: anywhere, agents'],
    [{ ...onK3s, controllerPlace: 'agents', agents: 0 }, 'controller: default needs 1 agents, and there are 0'],
    [{ ...onK3s, controllerPlace: 'agents', controller: 'on-servers' }, 'on-servers stands on servers alone'],
    [{ ...onK3s, controller: 'two-replicas', agents: 0 }, 'controller: two-replicas needs 2 nodes, and there are 1'],
    [{ ...onK3s, trafficPolicy: 'local' }, 'Did you mean Local? Allowed: Cluster, Local'],
    [{ ...onBare, trafficPolicy: 'Local' }, 'trafficPolicy: Local. There is no k3s on the substrate bare'],
    [{ ...onBare, controller: 'daemonset' }, 'controller: daemonset. There is no k3s on the substrate bare'],
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
