import { expect, test } from 'vitest';
import { addressIn, candidateSubnets, macOf } from './subnet.ts';

test('every /24 of the benchmarking range is a candidate, once, wherever the search begins', () => {
  const candidates = [...candidateSubnets(300)];
  expect(candidates[0]).toBe('198.19.44.0/24');
  expect(new Set(candidates).size).toBe(512);
  expect(candidates.every((subnet) => /^198\.1[89]\./.test(subnet))).toBe(true);
});

test('an address is the subnet with its last octet', () => {
  expect(addressIn('198.18.7.0/24', 200)).toBe('198.18.7.200');
});

test('a MAC follows from the address', () => {
  expect(macOf('198.18.7.10')).toBe('02:42:c6:12:07:0a');
});
