import { expect, test } from 'vitest';
import { inventoryOf, type Found } from './inventory-of.ts';

const found = (change: Partial<Found> = {}): Found => ({
  daemonSets: [],
  namespaces: ['kube-system', 'default'],
  serverArguments: ['["server","--node-name","server-0","--disable","servicelb"]', '["agent","--node-name","agent-0"]'],
  ...change,
});

test('a cluster without any is one without any', () => {
  expect(inventoryOf(found()).loadBalancers).toEqual([]);
});

test.each([
  ['servicelb', { daemonSets: ['kube-system/svclb-traefik-0a1b2c3d'] }],
  ['servicelb', { serverArguments: ['["server","--node-name","server-0","--disable","metrics-server"]'] }],
  ['metallb-l2', { namespaces: ['metallb-system'], daemonSets: ['metallb-system/speaker'] }],
  ['kube-vip-arp', { daemonSets: ['kube-system/kube-vip-ds'] }],
])('%s is found by %o', (name, change) => {
  expect(inventoryOf(found(change)).loadBalancers).toEqual([name]);
});

test('two that would fight are both found', () => {
  const both = found({ daemonSets: ['kube-system/svclb-traefik-0a1b2c3d', 'kube-system/kube-vip-ds'] });
  expect(inventoryOf(both).loadBalancers).toEqual(['servicelb', 'kube-vip-arp']);
  expect(inventoryOf(both).detail).toContain('svclb-traefik-0a1b2c3d');
});
