/** Quantiles of latencies: of one turn's samples, and of all of them with an interval. */
import type { LatencyTurn, PooledQuantile } from './backend-comparison.ts';
import { ascending, quantile, type Covered } from './statistics.ts';

/** What tables of latencies have. */
export const LATENCY_QUANTILES = [0.5, 0.9, 0.99, 0.999] as const;

const MISSED_PER_SIDE = 0.025;
const MICROSECONDS_PER_MS = 1e3;

type Sampled = Pick<LatencyTurn, 'latencies' | 'lost'>;

/**
 * Milliseconds; null where the sample is too small (29 for p90, 299 for p99, 2995 for p99.9), or where so many were lost that
 * nobody knows: what had no answer took longer than all that had one, and to leave it out would flatter the path.
 */
export function latencyQuantile(turn: Sampled, q: number): number | null {
  return known(quantile(sortedMs([turn]), q));
}

function sortedMs(turns: readonly Sampled[]): readonly number[] {
  const good = ascending(turns.flatMap(({ latencies }) => latencies)).map((us) => us / MICROSECONDS_PER_MS);
  const lost = turns.reduce((sum, turn) => sum + turn.lost, 0);
  return [...good, ...Array<number>(lost).fill(Infinity)];
}

const known = (ms: number | null): number | null => (ms === null || ms === Infinity ? null : ms);

/** The quantiles of all samples of these turns, which are of one path of one backend. */
export function pooledQuantiles(
  turns: readonly LatencyTurn[],
): readonly Omit<PooledQuantile, 'path' | 'backend' | 'ask'>[] {
  const sorted = sortedMs(turns);
  return LATENCY_QUANTILES.map((q) => {
    const value = known(quantile(sorted, q));
    return {
      quantile: q,
      samples: sorted.length,
      value,
      interval: value === null ? null : quantileInterval(sorted, q),
    };
  });
}

/**
 * The interval of a quantile between two order statistics, as narrow as at least 95 % allow. The number of values above the
 * true quantile is binomial with 1 - q, whatever they are distributed like: exact for samples that do not depend on each
 * other. Null where a side would need a value beyond the sample.
 */
export function quantileInterval(sorted: readonly number[], q: number): Covered | null {
  const above = binomial(sorted.length, 1 - q);
  const [fewest, missedAtMost] = heldBack(above);
  const [most, missedAtLeast] = heldBack(above.toReversed());
  // The truth lies above the fewest-th largest where fewer than so many values are above it, and below the most-th smallest
  // where fewer than so many are below it: as seldom as was held back.
  const high = sorted[sorted.length - fewest];
  const low = sorted[most - 1];
  if (low === undefined || high === undefined || fewest === 0 || most === 0 || high === Infinity) return null;
  return { low, high, coverage: 1 - missedAtMost - missedAtLeast };
}

/** How many of the first probabilities may be left out, and how much they are. */
function heldBack(probabilities: readonly number[]): readonly [count: number, missed: number] {
  let missed = 0;
  let count = 0;
  while (missed + (probabilities[count] ?? 1) <= MISSED_PER_SIDE) missed += probabilities[count++] ?? 1;
  return [count, missed];
}

/** Probabilities of 0, 1, .. n, in logarithms on the way: half of all samples to the 5000th is no double any more. */
function binomial(n: number, p: number): readonly number[] {
  const odds = Math.log(p) - Math.log1p(-p);
  let log = n * Math.log1p(-p);
  return Array.from({ length: n + 1 }, (_, k) => {
    const chance = Math.exp(log);
    log += Math.log((n - k) / (k + 1)) + odds;
    return chance;
  });
}
