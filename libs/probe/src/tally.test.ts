import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import type { SampleClass, SampleRow } from '@faultline/history';
import { expect, test } from 'vitest';
import { createTally } from './tally.ts';

const ms = (value: number) => value * 1e6;
const row = (sequence: number, lateness: number, duration: number, result: SampleClass = 'ok'): SampleRow => [
  sequence,
  ms(10 * sequence),
  ms(10 * sequence + lateness),
  ms(duration),
  result,
  null,
];

test('latency is of good samples only, and from the time they should have been sent', () => {
  const tally = createTally();
  tally.add([row(0, 3, 7), row(1, 0, 250, 'timeout')]);
  const latency = decodeFromCompressedBase64(tally.latency());
  expect(latency.totalCount).toBe(1);
  expect(Math.abs(latency.getValueAtPercentile(50) - 10_000)).toBeLessThanOrEqual(10);
});

test('lateness is of all samples; those given up were not sent', () => {
  const tally = createTally();
  tally.add(Array.from({ length: 99 }, (_, sequence) => row(sequence, 1, 1)));
  tally.add([row(99, 30, 0, 'late')]);
  expect(tally.sent()).toBe(99);
  const { count, p50, max } = tally.lateness();
  expect(count).toBe(100);
  expect(Math.abs(p50 - ms(1))).toBeLessThan(ms(0.01));
  expect(Math.abs(max - ms(30))).toBeLessThan(ms(0.1));
});

test('a probe that never had a row has an empty record', () => {
  const tally = createTally();
  expect(tally.lateness()).toEqual({ count: 0, p50: 0, p99: 0, max: 0 });
  expect(decodeFromCompressedBase64(tally.latency()).totalCount).toBe(0);
});
