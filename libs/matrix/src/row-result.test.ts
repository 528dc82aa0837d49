import { announcerKilled, failedOver, judge, type Expectation } from '@faultline/checker';
import { expect, test } from 'vitest';
import { exampleNight } from './example-night.ts';
import type { Row } from './plan-night.ts';
import { parseResult, resultLine } from './result.ts';
import { crashedResult, judgedResult, skippedResult } from './row-result.ts';

const [row] = exampleNight().rows as [Row];
const where = { started: 1_795_000_000_000, durationMs: 60_000, host: 'here', commit: null, folder: 'rows/x' };
const promised = (atLeastMs: number, atMostMs: number): readonly Expectation[] => [
  { check: 'failover', probe: 'edge-http-new', atLeastMs, medianMs: 5_600, atMostMs, formula: 'as upstream says' },
];
const resultOf = (events = failedOver(7), expectations = promised(4_900, 7_150)) =>
  judgedResult(row, { verdict: judge(events, expectations), events }, where);

test('a failover is followed beside what was promised of it, the others by themselves', () => {
  const { verdict, figures } = resultOf();
  expect(verdict).toBe('pass');
  const failover = figures.find(({ name }) => name === 'failover edge-http-new');
  expect(failover?.measured).toBeGreaterThan(5_000);
  expect(failover?.expected).toEqual({ low: 4_900, median: 5_600, high: 7_150 });
  const others = figures.filter(({ name }) => name !== 'failover edge-http-new');
  expect(others.length).toBeGreaterThan(1);
  expect(others.filter(({ expected }) => expected !== null)).toEqual([]);
  expect(new Set(figures.map(({ name }) => name)).size).toBe(figures.length);
});

test('every line can be read back', () => {
  const skip = { because: 'capability', capability: 'netem' } as const;
  const lines = [
    resultOf(),
    crashedResult(row, { reason: 'its process died' }, where),
    skippedResult(row, { skip, reason: 'the kernel has none' }, { ...where, folder: null }),
  ];
  for (const line of lines) expect(parseResult(resultLine(line))).toEqual(line);
});

test('a failure is known by the check that decided it, and what clients lost most', () => {
  const { verdict, class: kind, reason } = resultOf(failedOver(7), promised(1_000, 2_000));
  expect(verdict).toBe('fail');
  expect(kind).toBe('failover edge-http-new: timeout');
  expect(reason).toContain('edge-http-new');
});

test('a run that was cut off has no figures, and says how far it came', () => {
  const events = announcerKilled(7);
  const cut = events.slice(0, events.findIndex(({ type }) => type === 'fault.inject') + 1);
  const { verdict, figures, class: kind, lastEvent } = resultOf(cut);
  expect(verdict).toBe('inconclusive');
  expect(figures).toEqual([]);
  expect(kind).toBe('run completed');
  expect(lastEvent?.type).toBe('fault.inject');
});

test('the class and the last event of a row do not depend on the seed', () => {
  const [one, other] = [resultOf(failedOver(7), promised(1, 2)), resultOf(failedOver(8), promised(1, 2))];
  expect(other.class).toBe(one.class);
  expect(other.lastEvent).toEqual(one.lastEvent);
});

test('a crash is no pass and no failure', () => {
  const crash = crashedResult(row, { reason: 'its process died', events: failedOver(7) }, where);
  expect(crash).toMatchObject({ verdict: 'inconclusive', class: 'crash', figures: [], lastEvent: { type: 'run.end' } });
  expect(crashedResult(row, { reason: 'no API', kind: 'boot' }, where).class).toBe('boot');
});
