/** Durations and numbers, as sentences say them. */
import type { OpenInterval } from './verdict.ts';

/** `3.12 s`, `55.1 s`, `0.6 s`: three digits that mean something. */
export function seconds(ms: number): string {
  const value = ms / 1000;
  return `${value.toFixed(Math.abs(value) < 20 ? 2 : 1).replace(/^-(0\.0+)$/, '$1')} s`;
}

/** `3.12 s ± 0.02 s`; for one without end, `at least 20.0 s`. */
export function written({ low, estimate, high }: OpenInterval): string {
  if (high === null) return `at least ${seconds(low)}`;
  const bound = Math.max(high - estimate, estimate - low);
  // A bound is never printed smaller than it is, and with the digits of its estimate.
  const [scale, digits] = estimate < 20_000 ? [10, 2] : [100, 1];
  return `${seconds(estimate)} ± ${((Math.ceil(bound / scale) * scale) / 1000).toFixed(digits)} s`;
}
