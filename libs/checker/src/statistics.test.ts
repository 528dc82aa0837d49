import { array, assert, double, integer, property, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ascending, hodgesLehmann, median, medianInterval, nearestRank, quantile, tally } from './statistics.ts';

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

/** Lehmer's generator: the same numbers each time, so that a coverage is a fact and not a gamble. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

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

describe('a median', () => {
  test('is in the middle, or half-way between the two there', () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
  });

  test('has an interval from six values on, whose coverage is that of the binomial distribution', () => {
    expect(medianInterval(upTo(5))).toBeNull();
    expect(medianInterval([])).toBeNull();
    expect(medianInterval(upTo(6))).toEqual({ low: 1, high: 6, coverage: 1 - 2 / 64 });
    // As in every table of order statistics: the 2nd and the 9th of ten cover 97.9 %, the 10th and 21st of 30 95.7 %.
    expect(medianInterval(upTo(10))).toEqual({ low: 2, high: 9, coverage: expect.closeTo(0.97852, 5) });
    expect(medianInterval(upTo(30))).toEqual({ low: 10, high: 21, coverage: expect.closeTo(0.95723, 4) });
  });

  test('has an interval that holds the true median as often as it says, however skewed the distribution', () => {
    const random = seeded(7);
    for (const size of [6, 10, 15]) {
      const rounds = 4000;
      const samples = Array.from({ length: rounds }, () => Array.from({ length: size }, () => -Math.log(random())));
      const truth = Math.log(2);
      const intervals = samples.flatMap((values) => medianInterval(values) ?? []);
      const held = intervals.filter(({ low, high }) => low <= truth && truth <= high).length / rounds;
      expect(held).toBeGreaterThan(0.95);
      expect(Math.abs(held - (intervals[0]?.coverage ?? 0))).toBeLessThan(0.01);
    }
  });
});

const milliseconds = double({ min: 0, max: 60_000, noNaN: true });
const samples = array(milliseconds, { minLength: 4, maxLength: 40 });

describe('a shift', () => {
  test('of two samples is the median of all differences', () => {
    expect(hodgesLehmann([1, 2, 3, 4], [11, 12, 13, 14])).toMatchObject({ shift: 10, low: 7, high: 13 });
  });

  test('is as in the tables of Mann and Whitney: for 5 and 5 the third of 25 differences, for 10 and 10 the 24th of 100', () => {
    const spread = (size: number, step: number) => Array.from({ length: size }, (_, index) => index * step);
    for (const [size, place, coverage] of [
      [5, 3, 0.9682],
      [10, 24, 0.9567],
    ] as const) {
      const [a, b] = [spread(size, 1), spread(size, 1000)];
      const differences = ascending(b.flatMap((later) => a.map((earlier) => later - earlier)));
      const found = hodgesLehmann(a, b);
      expect(found?.low).toBe(differences[place - 1]);
      expect(found?.high).toBe(differences[size * size - place]);
      expect(found?.coverage).toBeCloseTo(coverage, 3);
    }
  });

  test('has no interval of 95 % where the samples are too small', () => {
    expect(hodgesLehmann([], [1])).toBeNull();
    expect(hodgesLehmann(upTo(3), upTo(3))).toBeNull();
    expect(hodgesLehmann(upTo(3), upTo(4))).toBeNull();
    expect(hodgesLehmann(upTo(4), upTo(4))).not.toBeNull();
    expect(hodgesLehmann(upTo(3), upTo(5))).not.toBeNull();
  });

  test('moves with what is added to one sample, turns round with the samples, and lies within its interval', () => {
    assert(
      property(tuple(samples, samples, integer({ min: -10_000, max: 10_000 })), ([a, b, added]) => {
        const found = hodgesLehmann(a, b);
        const later = hodgesLehmann(
          a,
          b.map((value) => value + added),
        );
        const turned = hodgesLehmann(b, a);
        if (!found || !later || !turned) throw new Error('no interval');
        expect(later.shift).toBeCloseTo(found.shift + added, 6);
        expect(later.low).toBeCloseTo(found.low + added, 6);
        expect(later.high).toBeCloseTo(found.high + added, 6);
        expect(turned.shift).toBeCloseTo(-found.shift, 6);
        expect(turned.low).toBeCloseTo(-found.high, 6);
        expect(found.low).toBeLessThanOrEqual(found.shift);
        expect(found.high).toBeGreaterThanOrEqual(found.shift);
      }),
      { numRuns: 200 },
    );
  });

  test('has an interval that holds the true shift at least as often as it says, counted out or by approximation', () => {
    const random = seeded(11);
    const skewed = (size: number, by: number) => Array.from({ length: size }, () => by - 100 * Math.log(random()));
    for (const [n, m, rounds] of [
      [4, 4, 3000],
      [10, 10, 3000],
      [8, 15, 2000],
      [35, 33, 500],
    ] as const) {
      const found = Array.from({ length: rounds }, () => hodgesLehmann(skewed(n, 0), skewed(m, 250)));
      const held = found.filter((one) => one !== null && one.low <= 250 && one.high >= 250).length / rounds;
      expect(held).toBeGreaterThan(rounds < 1000 ? 0.93 : 0.945);
      expect(Math.abs(held - (found[0]?.coverage ?? 0))).toBeLessThan(rounds < 1000 ? 0.025 : 0.012);
    }
  });
});
