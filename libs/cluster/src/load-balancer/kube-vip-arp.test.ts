import { expect, test } from 'vitest';
import { planCluster } from '../plan-cluster.ts';
import type { Settings } from '../spec.ts';
import { placeOf } from '../virtual-address.ts';
import { kubeVipArp } from './kube-vip-arp.ts';
import type { KubernetesObject } from './load-balancer.ts';

function manifests(settings: Settings = {}): readonly KubernetesObject[] {
  const plan = planCluster(
    { substrate: 'k3s', servers: 1, agents: 2, backend: 'vxlan', loadBalancer: 'kube-vip-arp', settings },
    { tools: 'faultline/tools:1', app: 'faultline/userlist:1', subnet: null },
  );
  const place = placeOf(plan, '198.18.7.0/24');
  if (!place) throw new Error('no place');
  return kubeVipArp.manifests(place);
}

/** What kube-vip is told, by its environment. */
function environment(settings?: Settings): Readonly<Record<string, string>> {
  const set = manifests(settings).find(({ kind }) => kind === 'DaemonSet') as unknown as {
    spec: { template: { spec: { containers: readonly { env: readonly { name: string; value: string }[] }[] } } };
  };
  return Object.fromEntries(set.spec.template.spec.containers[0]?.env.map(({ name, value }) => [name, value]) ?? []);
}

test('it is told to announce Services by ARP, and nothing of a control plane', () => {
  const told = environment();
  expect(told).toMatchObject({ vip_arp: 'true', vip_interface: 'eth0', svc_enable: 'true', svc_election: 'false' });
  expect(told).not.toHaveProperty('cp_enable');
});

test.each([
  ['15/10/2', { vip_leaseduration: '15', vip_renewdeadline: '10', vip_retryperiod: '2' }],
  ['5/3/1', { vip_leaseduration: '5', vip_renewdeadline: '3', vip_retryperiod: '1' }],
])('timing %s is that of its leases', (timing, told) => {
  expect(environment({ timing })).toMatchObject(told);
});

test('an election for each Service is a setting of it', () => {
  expect(environment({ servicesElection: true })).toMatchObject({ svc_election: 'true' });
});

test('without its cloud provider an annotation asks for the address; with it, the range does', () => {
  const names = (settings: Settings) => manifests(settings).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  expect(names({})).not.toContain('Deployment kube-vip-cloud-provider');
  expect(kubeVipArp.serviceAnnotations('198.18.7.200')).toHaveProperty(['kube-vip.io/loadbalancerIPs'], '198.18.7.200');
  const asked = kubeVipArp.serviceAnnotations('198.18.7.200', { cloudProvider: true });
  expect(asked).not.toHaveProperty(['kube-vip.io/loadbalancerIPs']);
  expect(names({ cloudProvider: true })).toContain('Deployment kube-vip-cloud-provider');
  expect(manifests({ cloudProvider: true }).find(({ kind }) => kind === 'ConfigMap')).toMatchObject({
    data: { 'range-global': '198.18.7.200-198.18.7.219' },
  });
});

test('nothing of it is pulled by a node', () => {
  expect(JSON.stringify(manifests({ cloudProvider: true }))).not.toContain('"Always"');
});

test('its failover follows from its timing, and the default is the slow one', () => {
  expect(kubeVipArp.failover({})?.medianMs).toBe(kubeVipArp.failover({ timing: '15/10/2' })?.medianMs);
  expect(kubeVipArp.failover({})?.medianMs).toBeGreaterThan(16_000);
  expect(kubeVipArp.failover({ timing: '5/3/1' })?.medianMs).toBeLessThan(8_000);
});
