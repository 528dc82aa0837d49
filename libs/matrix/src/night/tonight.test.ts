import type { QuarantineEntry } from '@faultline/checker';
import { describe, expect, test } from 'vitest';
import type { Result } from '../result.ts';
import { fingerprintOf } from './fingerprint.ts';
import { parseQuarantine } from './quarantine.ts';
import { failed, skipped, syntheticNights, syntheticResult } from './synthetic-nights.ts';
import { nightReport } from './tonight.ts';

const report = (nights: readonly (readonly Result[])[], quarantine: readonly QuarantineEntry[] = []) =>
  nightReport({ nights: syntheticNights(nights), unreadable: [] }, { quarantine });

/** A pass that took so many milliseconds, of a median of 5.6 s. */
const took = (measured: number, change: Partial<Result> = {}): Result =>
  syntheticResult({
    figures: [{ name: 'edge-http-new', measured, expected: { low: 4940, median: 5600, high: 7150 } }],
    ...change,
  });
/** A percent up, a percent down. */
const steady = (nights: number, ms = 5600): readonly (readonly Result[])[] =>
  Array.from({ length: nights }, (_, night) => [took(ms * (night % 2 === 0 ? 1.01 : 0.99))]);

const PRINT = fingerprintOf(failed())?.id ?? '';
const entry = (until: string): QuarantineEntry => ({ fingerprint: PRINT, owner: 'ada', reason: '#7', until });

describe('what is new', () => {
  test('a failure that nobody saw before is new, and alarms', () => {
    const { failures, alarms, outcome } = report([[syntheticResult()], [failed()]]);
    expect(failures).toMatchObject([{ fingerprint: PRINT, before: null, first: '2026-11-02', count: 1, nights: 1 }]);
    expect(alarms).toEqual([expect.stringMatching(/fail outage edge-http-new: timeout in 1 row, new/)]);
    expect(outcome).toBe('fail');
  });

  test('the same failure on another night, in another row, is counted and not new', () => {
    const { failures, alarms } = report([
      [failed()],
      [syntheticResult()],
      [failed({ row: 'other/row' }), failed({ row: 'third/row' })],
    ]);
    expect(failures).toMatchObject([
      { first: '2026-11-01', before: '2026-11-01', count: 3, nights: 2, rows: ['other/row', 'third/row'] },
    ]);
    expect(alarms).toEqual([expect.stringContaining('in 2 rows, as on 2026-11-01')]);
  });

  test('a row that passes after it failed has recovered, also over a night in which it was skipped', () => {
    expect(report([[failed()], [skipped('netem')], [syntheticResult()]]).recovered).toMatchObject([
      { was: 'fail', night: '2026-11-01' },
    ]);
    expect(report([[failed()], [syntheticResult()], [syntheticResult()]]).recovered).toEqual([]);
  });

  test('of several runs of a row the worst counts, and all of their time', () => {
    const repeats = [1, 2, 3].map((index) => ({ repeat: { index, of: 3 } }));
    const runs = repeats.map((repeat) => (repeat.repeat.index === 2 ? failed(repeat) : syntheticResult(repeat)));
    expect(report([runs]).rows).toMatchObject([{ verdict: 'fail', durationMs: 183_000, runs: { length: 3 } }]);
  });

  test('a failover that got slower alarms on the night it is seen, and is told without alarm on the next', () => {
    const nights = [...steady(20), ...steady(10, 5600 * 1.2)];
    const outcomes = nights.map((_, index) => report(nights.slice(0, index + 1)));
    const alarmed = outcomes.filter(({ alarms }) => alarms.length > 0);
    expect(alarmed).toHaveLength(1);
    expect(alarmed[0]?.alarms).toEqual([expect.stringMatching(/edge-http-new got \d+ % slower since 2026-11-/)]);
    const change = outcomes.at(-1)?.rows[0]?.figures[0]?.change;
    expect(change).toMatchObject({ night: '2026-11-21', isNew: false });
    expect(change?.factor).toBeCloseTo(1.2, 2);
  });

  test('one that got faster is told, and is no alarm', () => {
    const nights = [...steady(20), ...steady(10, 4000)];
    const all = nights.map((_, index) => report(nights.slice(0, index + 1)));
    expect(all.filter(({ alarms }) => alarms.length > 0)).toEqual([]);
    expect(all.some(({ rows }) => rows[0]?.figures[0]?.change?.isNew)).toBe(true);
  });

  test('a change is told with the commits and machines on its two sides', () => {
    const before = steady(15).map((night) => night.map((result) => ({ ...result, commit: 'aaa', host: 'old' })));
    const after = steady(10, 8000).map((night) => night.map((result) => ({ ...result, commit: 'bbb', host: 'new' })));
    expect(report([...before, ...after]).rows[0]?.figures[0]?.change).toMatchObject({
      commits: ['aaa', 'bbb'],
      hosts: ['old', 'new'],
    });
  });

  test('of what every probe tells, what is promised is followed; where nothing is, what was told last', () => {
    const promise = { low: 4940, median: 5600, high: 7150 };
    const told = (expected: typeof promise | null) =>
      report([
        [
          syntheticResult({
            figures: [
              { name: 'failover edge-icmp', measured: 5600, expected: null },
              { name: 'failover edge-http-new', measured: 5700, expected },
              { name: 'outage edge-http-new', measured: 5650, expected: null },
            ],
          }),
        ],
      ]).rows[0]?.figures.map(({ name }) => name);
    expect(told(promise)).toEqual(['failover edge-http-new']);
    expect(told(null)).toEqual(['outage edge-http-new']);
  });

  test('figures of a run in doubt are none', () => {
    const doubt = took(90_000, { verdict: 'inconclusive', class: 'never steady' });
    expect(report([...steady(3), [doubt]]).rows[0]?.figures[0]).toMatchObject({ measuredMs: null, runs: 0 });
  });
});

describe('quarantine', () => {
  test('a failure in it is shown, and alarms nobody', () => {
    const { failures, alarms, rows, quarantine, outcome } = report([[failed()]], [entry('2026-11-09')]);
    expect(failures[0]?.quarantine?.owner).toBe('ada');
    expect(rows[0]).toMatchObject({ verdict: 'fail', isQuarantined: true });
    expect(quarantine).toMatchObject([{ state: 'holds' }]);
    expect(alarms).toEqual([]);
    expect(outcome).toBe('pass');
  });

  test('it holds on its last day, and on the next it alarms, whether the failure is there or not', () => {
    expect(report([[failed()]], [entry('2026-11-01')]).alarms).toEqual([]);
    const over = report([[failed()]], [entry('2026-10-31')]).alarms;
    expect(over).toHaveLength(2);
    expect(over[1]).toMatch(/the quarantine of \w+ ended on 2026-10-31: ada/);
    expect(report([[syntheticResult()]], [entry('2026-10-31')]).outcome).toBe('fail');
  });

  test('one that holds nothing back is idle', () => {
    expect(report([[syntheticResult()]], [entry('2026-11-09')]).quarantine).toMatchObject([{ state: 'idle' }]);
  });

  const text = (change: object): string =>
    JSON.stringify({ version: 1, entries: [{ ...entry('2026-11-09'), ...change }] });

  test('is read back as it was written', () => {
    expect(parseQuarantine(text({}), 'q.json', '2026-11-01')).toEqual([entry('2026-11-09')]);
  });

  test.each([
    ['nobody', text({ owner: ' ' }), /owner|must not be empty/],
    ['no reason', text({ reason: '' }), /must not be empty/],
    ['no such day', text({ until: '2026-13-45' }), /allowed: a date/],
    ['a year', text({ until: '2027-11-01' }), /until 2027-11-01. Allowed: at most 31 days after the night, 2026-11-01/],
    ['a name', text({ fingerprint: 'flaky' }), /twelve hexadecimal digits/],
    ['a word too many', text({ forever: true }), /forever/],
    ['no JSON', 'entries:', /q.json: not JSON. Allowed: \{"version":1/],
  ])('%s is refused with what is allowed', (_, given, says) => {
    expect(() => parseQuarantine(given, 'q.json', '2026-11-01')).toThrow(says);
  });

  test('the same failure twice is refused', () => {
    const twice = JSON.stringify({ version: 1, entries: [entry('2026-11-09'), entry('2026-11-10')] });
    expect(() => parseQuarantine(twice, 'q.json', '2026-11-01')).toThrow(/entries\[1\].*twice/);
  });
});

describe('what was not tested', () => {
  test('skips are counted by capability, most rows first', () => {
    const rows = ['a', 'b', 'c'].map((row) => ({ row }));
    const results = [skipped('netem', rows[0]), ...rows.slice(1).map((row) => skipped('wireguard', row))];
    const { untested, counts } = report([[syntheticResult(), ...results]]);
    expect(untested.skips.map(({ capability, rows: of }) => [capability, of])).toEqual([
      ['wireguard', ['b', 'c']],
      ['netem', ['a']],
    ]);
    expect(counts).toEqual({ pass: 1, fail: 0, inconclusive: 0, skip: 3 });
  });

  test('rows beyond the budget, rows of yesterday alone, and shards that are missing are named', () => {
    const [first, last] = syntheticNights([
      [syntheticResult(), syntheticResult({ row: 'gone/row' })],
      [syntheticResult(), skipped('-', { row: 'late/row', skip: { because: 'budget' } })],
    ]);
    const nights = first && last ? [first, { ...last, missing: ['2of2'] }] : [];
    const { untested, doubts, outcome } = nightReport({ nights, unreadable: [] });
    expect(untested).toEqual({ skips: [], beyondBudget: ['late/row'], gone: ['gone/row'], shards: ['2of2'] });
    expect(doubts).toEqual(['no results of 2of2']);
    expect(outcome).toBe('inconclusive');
  });

  test('a night in which all is skipped is no pass', () => {
    expect(report([[skipped('netem')]])).toMatchObject({ outcome: 'inconclusive', doubts: ['nothing was measured'] });
  });

  test('a history without a night says what to do', () => {
    expect(() => report([])).toThrow(/without a night. Next: .*--add/);
  });
});

test('rows that share a mechanism find together what none of them finds alone', () => {
  const ROWS = 12;
  // A phase of its own in each row and night, and a level of its own in each row.
  const phase = (row: number, night: number): number => 0.25 * Math.sin(row * 12.9898 + night * 78.233 + row * night);
  const rowOf = (row: number, night: number): Result =>
    took(5600 * Math.exp(phase(row, night) + row * 0.02) * (night >= 30 ? 1.12 : 1), { row: `row/${row}` });
  const nights = Array.from({ length: 40 }, (_, night) => Array.from({ length: ROWS }, (__, row) => rowOf(row, night)));
  const { rows, mechanisms } = report(nights);
  expect(mechanisms).toMatchObject([{ loadBalancer: 'metallb-l2', rows: ROWS }]);
  expect(mechanisms[0]?.figure.change?.factor).toBeCloseTo(1.12, 1);
  expect(rows.filter(({ figures }) => figures[0]?.change).length).toBeLessThan(ROWS / 2);
});

test('what slows a mechanism down alarms once, and not again for each of its rows', () => {
  const rowsOf = (night: number): readonly Result[] =>
    Array.from({ length: 8 }, (_, row) => {
      const phase = 0.06 * Math.sin(row * 12.9898 + night * 78.233 + row * night);
      return took(5600 * Math.exp(phase) * (night >= 20 ? 1.25 : 1), { row: `row/${row}` });
    });
  const nights = Array.from({ length: 30 }, (_, night) => rowsOf(night));
  const alarms = nights.flatMap((_, index) => report(nights.slice(0, index + 1)).alarms);
  expect(alarms.filter((alarm) => alarm.startsWith('metallb-l2:'))).toHaveLength(1);
  expect(alarms.filter((alarm) => alarm.startsWith('row/')).length).toBeLessThan(3);
  expect(report(nights).rows.every(({ figures }) => figures[0]?.change)).toBe(true);
});
