import { expect, test } from 'vitest';
import { planUpgrade, UpgradeWishError, type UpgradeWish } from './plan-upgrade.ts';

const wish: UpgradeWish = {
  from: 'v1.32.1+k3s1',
  to: 'v1.33.3+k3s1',
  servers: 1,
  agents: 2,
  backend: 'vxlan',
  loadBalancer: 'servicelb',
  controller: 'default',
  preload: true,
  skew: false,
  rollback: false,
  seed: 1,
  images: [],
  cases: [],
};
const images = { tools: 'faultline/tools:1', app: 'faultline/userlist:1', subnet: null };
const NEW_HELM = 'rancher/klipper-helm:v0.9.8-build20250709';

test('servers are replaced before agents', () => {
  expect(planUpgrade({ ...wish, servers: 3 }, images).replaced).toEqual([
    'server-0',
    'server-1',
    'server-2',
    'agent-0',
    'agent-1',
  ]);
});

test('with preloading every node has the images of both releases, before and after, and no node the other node image', () => {
  const { cluster, next } = planUpgrade(wish, images);
  for (const plan of [cluster, next]) {
    expect(plan.images).toContain('rancher/mirrored-library-traefik:2.11.18');
    expect(plan.images).toContain('rancher/mirrored-library-traefik:3.3.6');
  }
  expect(cluster.images).not.toContain('rancher/k3s:v1.33.3-k3s1');
  expect(next.images).not.toContain('rancher/k3s:v1.32.1-k3s1');
});

test('without preloading an old node lacks what the new Helm job runs in, and nothing is tried beside', () => {
  const plan = planUpgrade({ ...wish, preload: false }, images);
  expect(plan.cluster.images).not.toContain(NEW_HELM);
  expect(plan.next.images).toContain(NEW_HELM);
  expect(plan.next.images).toContain('rancher/mirrored-library-traefik:2.11.18');
  expect(plan.beside).toBe(false);
});

test('a skewed cluster has one server of the new release', () => {
  expect(planUpgrade({ ...wish, servers: 3, agents: 0, skew: true }, images).replaced).toEqual(['server-0']);
});

test('what cannot be skewed, or is no upgrade, is refused with what to do instead', () => {
  expect(() => planUpgrade({ ...wish, skew: true }, images)).toThrow(UpgradeWishError);
  expect(() => planUpgrade({ ...wish, skew: true }, images)).toThrow('--servers 3');
  expect(() => planUpgrade({ ...wish, to: wish.from }, images)).toThrow('nothing is upgraded');
});
