/**
 * Quantiles, medians and shifts, and the honesty about when a sample is too small for one.
 *
 * Every interval here is distribution-free: failover times are sums of timers, and nothing about them is normal.
 */

/** What an interval must cover at least. */
const CONFIDENCE = 0.95;
/** Up to this size of either sample the distribution of the rank sum is counted out; beyond it is taken for normal. */
const MOST_COUNTED = 30;
/** Of the standard normal distribution, at 97.5 %. */
const Z = 1.959964;

export interface Covered {
  readonly low: number;
  readonly high: number;
  /** The probability with which it holds the truth; exact unless it says otherwise. */
  readonly coverage: number;
}

/**
 * The quantile of sorted values, by nearest rank.
 * Null where the sample is too small: with fewer than ln 0.05 / ln q values the largest one is, with more than 5 %
 * probability, still below the quantile (29 for the 90th percentile, 299 for the 99th).
 */
export function quantile(sortedValues: readonly number[], q: number): number | null {
  if (sortedValues.length < Math.ceil(Math.log(0.05) / Math.log(q) - 1e-9)) return null;
  return nearestRank(sortedValues, q);
}

/** The same however few the values are: for lateness, where the largest seen is a fair answer. Zero where there is none. */
export function nearestRank(sortedValues: readonly number[], q: number): number {
  return sortedValues[Math.max(0, Math.ceil(q * sortedValues.length) - 1)] ?? 0;
}

/** Half-way between the two in the middle, where there are two. NaN where there is none. */
export function median(values: readonly number[]): number {
  const sorted = ascending(values);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
}

/**
 * The interval of the median between two order statistics, the k-th smallest and the k-th largest, as narrow as at least
 * 95 % allow. The number of values below the true median is binomial with one half, whatever they are distributed like, so
 * the coverage is exact. Null for fewer than six values: from the least to the most of five covers 94 %.
 */
export function medianInterval(values: readonly number[]): Covered | null {
  const sorted = ascending(values);
  const below = binomialHalf(sorted.length);
  let missed = 0;
  let k = 0;
  while (missed + (below[k] ?? 1) <= (1 - CONFIDENCE) / 2) missed += below[k++] ?? 1;
  const [low, high] = [sorted[k - 1], sorted[sorted.length - k]];
  return low === undefined || high === undefined ? null : { low, high, coverage: 1 - 2 * missed };
}

/** Probabilities of 0, 1, .. n heads. */
function binomialHalf(n: number): readonly number[] {
  let row = [1];
  for (let thrown = 0; thrown < n; thrown++)
    row = Array.from({ length: row.length + 1 }, (_, heads) => ((row[heads - 1] ?? 0) + (row[heads] ?? 0)) / 2);
  return row;
}

/**
 * By how much the values of `b` lie above those of `a`: the median of all differences b - a (Hodges and Lehmann), and the
 * interval between two of the sorted differences that belongs to the Mann-Whitney test: distribution-free where the two
 * differ in place only. Exact up to 30 values each, by the normal approximation beyond. Null where the samples are too
 * small for 95 % (4 and 4, or 3 and 5, are not), or empty.
 */
export function hodgesLehmann(a: readonly number[], b: readonly number[]): (Covered & { shift: number }) | null {
  const differences = ascending(b.flatMap((later) => a.map((earlier) => later - earlier)));
  const { place, coverage } = rankSumPlace(a.length, b.length);
  const [low, high] = [differences[place - 1], differences[differences.length - place]];
  return low === undefined || high === undefined ? null : { shift: median(differences), low, high, coverage };
}

/** Which of the sorted differences, from either end, bounds the shift. */
function rankSumPlace(n: number, m: number): { place: number; coverage: number } {
  if (Math.max(n, m) > MOST_COUNTED) {
    const place = Math.floor((n * m) / 2 - Z * Math.sqrt((n * m * (n + m + 1)) / 12));
    return { place, coverage: CONFIDENCE };
  }
  const chance = rankSums(n, m);
  let missed = 0;
  let place = 0;
  while (missed + (chance[place] ?? 1) <= (1 - CONFIDENCE) / 2) missed += chance[place++] ?? 1;
  return { place, coverage: 1 - 2 * missed };
}

/** The probabilities of Mann and Whitney's U = 0, 1, .. nm, where both samples come from the same distribution. */
function rankSums(n: number, m: number): readonly number[] {
  // ways[k][u]: of the ranks seen so far, k are the first sample's, and u pairs are the wrong way round.
  const ways = Array.from({ length: n + 1 }, () => new Float64Array(n * m + 1));
  ways[0]?.fill(1, 0, 1);
  for (let rank = 0; rank < n + m; rank++) {
    for (let k = Math.min(n, rank + 1); k >= 1; k--) {
      const inverted = rank - (k - 1);
      if (inverted > m) continue;
      for (let u = inverted; u <= n * m; u++) (ways[k] as Float64Array)[u]! += ways[k - 1]?.[u - inverted] ?? 0;
    }
  }
  const all = ways[n] ?? new Float64Array(1);
  const total = all.reduce((sum, count) => sum + count, 0);
  return Array.from(all, (count) => count / total);
}

export function ascending(values: readonly number[]): readonly number[] {
  return values.toSorted((a, b) => a - b);
}

/** Counts, most frequent first. */
export function tally<K extends string>(keys: Iterable<K>): Partial<Record<K, number>> {
  const counts = new Map<K, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  const entries = [...counts].toSorted(([, a], [, b]) => b - a);
  return Object.fromEntries(entries) as Partial<Record<K, number>>;
}

/** Milliseconds of nanoseconds, to the microsecond: what a verdict holds. */
export function milliseconds(ns: number): number {
  return Math.round(ns / 1e3) / 1e3;
}
