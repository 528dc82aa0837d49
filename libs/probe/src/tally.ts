/** What a probe's last record says, gathered from its rows as they come: memory stays the same however long a run is. */
import type { Lateness, SampleRow } from '@faultline/history';
import { build, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';

const MICROSECOND = 1e3;

/** Two minutes, in microseconds. */
const HIGHEST = 120_000_000;

const histogram = (): Histogram =>
  build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 32,
  });

const record = (into: Histogram, ns: number): void =>
  into.recordValue(Math.min(HIGHEST, Math.max(0, Math.round(ns / MICROSECOND))));

export interface Tally {
  add(rows: readonly SampleRow[]): void;
  sent(): number;
  /** Of all samples, also those that were given up. */
  lateness(): Lateness;
  /** Of the good samples, from their intended time: HdrHistogram V2, compressed, base64, microseconds. */
  latency(): string;
}

export function createTally(): Tally {
  const late = histogram();
  const latency = histogram();
  let sent = 0;
  return {
    add(rows) {
      for (const [, intended, sentAt, duration, result] of rows) {
        record(late, sentAt - intended);
        if (result !== 'late') sent++;
        if (result === 'ok') record(latency, sentAt + duration - intended);
      }
    },
    sent: () => sent,
    lateness() {
      const quantile = (percent: number) =>
        late.totalCount === 0 ? 0 : late.getValueAtPercentile(percent) * MICROSECOND;
      return { count: late.totalCount, p50: quantile(50), p99: quantile(99), max: quantile(100) };
    },
    latency: () => encodeIntoCompressedBase64(latency),
  };
}
