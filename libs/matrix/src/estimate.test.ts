import { expect, test } from 'vitest';
import { estimateByPlan, measuredDurations } from './estimate.ts';
import { exampleNight, exampleResult } from './example-night.ts';
import type { Row } from './plan-night.ts';

const [row] = exampleNight().rows as [Row];
const ran = (durationMs: number, bootMs?: number) => exampleResult(row, { durationMs, bootMs, folder: 'rows/x' });

test('what a row took is the median of its nights, without the boots', () => {
  expect(measuredDurations([ran(90_000, 60_000), ran(50_000), ran(40_000)])).toEqual(new Map([[row.id, 40_000]]));
});

test('a skip and a row that never began say nothing', () => {
  const skip = exampleResult(row, { verdict: 'skip', skip: { because: 'budget' }, durationMs: 0 });
  expect(measuredDurations([skip, exampleResult(row, { verdict: 'inconclusive', folder: null })])).toEqual(new Map());
});

test('by its plan a row lasts as long as its faults, and k3s takes longer to boot', () => {
  const { ownMs, bootMs } = estimateByPlan({ substrate: 'k3s', faults: [] });
  expect(row.ownMs).toBeGreaterThan(25_000);
  expect(bootMs).toBeGreaterThan(row.bootMs);
  expect(ownMs).toBeGreaterThan(0);
});
