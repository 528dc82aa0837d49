/** Quantiles, and the honesty about when a sample is too small for one. */

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
