import { expect, test } from 'vitest';
import { ascending, nearestRank, quantile, tally } from './statistics.ts';

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

test('a quantile is printed only where the sample allows it', () => {
  expect(quantile(upTo(28), 0.9)).toBeNull();
  expect(quantile(upTo(29), 0.9)).toBe(27);
  expect(quantile(upTo(298), 0.99)).toBeNull();
  expect(quantile(upTo(299), 0.99)).toBe(297);
});

test('the nearest rank is one of the values', () => {
  expect(nearestRank(ascending([3, 1, 2]), 0.5)).toBe(2);
  expect(nearestRank([], 0.5)).toBe(0);
});

test('a tally counts, the most frequent first', () => {
  expect(Object.entries(tally(['ok', 'timeout', 'timeout']))).toEqual([
    ['timeout', 2],
    ['ok', 1],
  ]);
});
