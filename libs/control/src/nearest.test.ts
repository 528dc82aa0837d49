import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

const backends = ['vxlan', 'host-gw', 'wireguard-native'];

test.for([
  ['vxlam', 'vxlan'],
  ['VXLAN', 'vxlan'],
  ['hostgw', 'host-gw'],
  ['wireguard', 'wireguard-native'],
] as const)('%s is near %s', ([typed, meant]) => {
  expect(nearest(typed, backends)).toBe(meant);
});

test('what resembles nothing has no nearest', () => {
  expect(nearest('metallb', backends)).toBeUndefined();
  expect(nearest('vxlan', [])).toBeUndefined();
});
