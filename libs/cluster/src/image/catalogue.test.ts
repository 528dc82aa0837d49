import { expect, test } from 'vitest';
import {
  DEFAULT_K3S,
  K3S_RELEASES,
  k3sImages,
  k3sNodeImage,
  k3sRelease,
  minorOf,
  UnknownReleaseError,
} from './catalogue.ts';

test('the default release is known', () => {
  expect(k3sRelease(DEFAULT_K3S).traefik).toBe('3.3.6');
});

test("the node's image has a dash where the version has a plus", () => {
  expect(k3sNodeImage('v1.33.3+k3s1')).toBe('rancher/k3s:v1.33.3-k3s1');
});

test('a bare control plane needs pause and CoreDNS alone', () => {
  expect(k3sImages('v1.33.3+k3s1', [])).toEqual([
    'rancher/k3s:v1.33.3-k3s1',
    'rancher/mirrored-pause:3.6',
    'rancher/mirrored-coredns-coredns:1.12.1',
  ]);
});

test('Traefik brings the image of its Helm jobs, ServiceLB its own, and nothing brings what was not asked for', () => {
  const images = k3sImages('v1.32.1+k3s1', ['traefik', 'servicelb']);
  expect(images).toContain('rancher/klipper-helm:v0.9.4-build20250113');
  expect(images).toContain('rancher/mirrored-library-traefik:2.11.18');
  expect(images).toContain('rancher/klipper-lb:v0.4.10');
  expect(images.join()).not.toMatch(/metrics|local-path|busybox/);
});

test.each(K3S_RELEASES)('$version lists the eight images of its air-gap list, each once', ({ images }) => {
  const all = Object.values(images).flat();
  expect(new Set(all).size).toBe(8);
  for (const image of all) expect(image).toMatch(/^rancher\/[a-z-]+:[\w.-]+$/);
});

test.each([
  ['v1.33.4+k3s1', 'v1.33.3+k3s1'],
  ['v1.31.9+k3s1', 'v1.32.1+k3s1'],
  ['1.35', 'v1.35.1+k3s1'],
  ['latest', DEFAULT_K3S],
])('of the unknown %s the nearest is %s, and the error says how to add one', (version, nearest) => {
  expect(() => k3sRelease(version)).toThrow(UnknownReleaseError);
  expect(() => k3sRelease(version)).toThrow(`"${version}". Nearest known: ${nearest};`);
  expect(() => k3sRelease(version)).toThrow('catalogue.ts');
});

test('the minor of a release', () => {
  expect(minorOf('v1.35.1+k3s1')).toBe(35);
});
