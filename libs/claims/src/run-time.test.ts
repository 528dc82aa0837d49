import { expect, test } from 'vitest';
import { timesSection } from './page-besides.ts';
import { mergeRuns, type RunTime } from './run-time.ts';

const time = (change: Partial<RunTime>): RunTime => ({
  run: 'a',
  setUp: 'default',
  release: 'v1.33.3+k3s1',
  questions: 100,
  bootMs: 60_000,
  wholeMs: 300_000,
  at: '2026-11-22T00:00:00Z',
  ...change,
});

test('of each set-up and release the run that asked the most is kept, and of equals the newer', () => {
  const more = time({ run: 'b', questions: 120 });
  expect(mergeRuns([more], time({ questions: 3 }))).toEqual([more]);
  expect(mergeRuns([more], time({ run: 'c', questions: 120 })).map(({ run }) => run)).toEqual(['c']);
  expect(mergeRuns([more], time({ setUp: 'charts' })).map(({ setUp }) => setUp)).toEqual(['charts', 'default']);
});

test('the quick half is told apart from all', () => {
  const text = timesSection([time({}), time({ setUp: 'changed', wholeMs: 600_000 })]).join('\n');
  expect(text).toContain('All that is below: 15 minutes; the quick half, `--group quick`: 5 minutes');
  expect(timesSection([])).toEqual([]);
});
