import { expect, test } from 'vitest';
import { backends } from './backend/index.ts';
import { HOST_FEATURES } from './host-features.ts';
import { loadBalancers } from './load-balancer/index.ts';
import { atLeast } from './probe-host.ts';

test.each([
  ['20.10.24+dfsg1', true],
  ['20.9.1', false],
  ['19.03.5', false],
  ['28.0', true],
  ['no version', false],
])('engine %s is new enough: %s', (version, expected) => {
  expect(atLeast(version, [20, 10])).toBe(expected);
});

test('every feature that a backend or a load balancer needs is one that a host is tried for', () => {
  const known = HOST_FEATURES.map(({ name }) => name);
  const needed = [...Object.values(backends), ...Object.values(loadBalancers)].flatMap(({ needs }) => needs);
  expect(needed.filter((need) => !known.includes(need))).toEqual([]);
});

test('every feature says what is skipped without it', () => {
  expect(HOST_FEATURES.filter(({ skips }) => skips.length === 0)).toEqual([]);
});
