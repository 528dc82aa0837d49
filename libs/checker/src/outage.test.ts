import { MILLISECOND, SECOND, type SampleClass, type SampleRow } from '@faultline/history';
import { array, assert, double, property, record, shuffledSubarray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { outages, episodeOf, episodeRuns, hiddenBehind, seriesOf } from './outage.ts';

const RATE = 200;
const PERIOD = SECOND / RATE;
const instrument = { probe: 'p', rateHz: RATE, origin: 0 };

interface World {
  /** Milliseconds: when the service is down. */
  readonly down: number;
  readonly up: number;
  /** Of the schedule, in periods. */
  readonly phase: number;
  /** How late each sample is sent, and how long an answer takes, milliseconds, by turns. */
  readonly late: readonly number[];
  readonly roundTrips: readonly number[];
}

/** What a prober would see: it sends one after the other, and a request meets the service half a round trip after that. */
function observed({ down, up, phase, late, roundTrips }: World, seconds = 6): SampleRow[] {
  let sent = 0;
  return Array.from({ length: RATE * seconds }, (_, sequence): SampleRow => {
    const intended = (sequence + phase) * PERIOD;
    sent = Math.max(sent, intended + (late[sequence % late.length] ?? 0) * MILLISECOND);
    const roundTrip = (roundTrips[sequence % roundTrips.length] ?? 1) * MILLISECOND;
    const met = (sent + roundTrip / 2) / MILLISECOND;
    const isLost = met >= down && met < up;
    return [sequence, intended, sent, isLost ? 250 * MILLISECOND : roundTrip, isLost ? 'timeout' : 'ok', null];
  });
}

const worlds = record({
  down: double({ min: 2500, max: 3000, noNaN: true }),
  // Shorter than some 20 samples, answers that overtake each other can tear an outage apart: the README says so.
  length: double({ min: 100, max: 2500, noNaN: true }),
  phase: double({ min: 0, max: 1, noNaN: true }),
  late: array(double({ min: 0, max: 12, noNaN: true }), { minLength: 1, maxLength: 50 }),
  roundTrips: array(double({ min: 0.2, max: 6, noNaN: true }), { minLength: 1, maxLength: 50 }),
});

describe('the bound of an outage', () => {
  test('holds the truth at any phase of the schedule, however late the prober and slow the answers', () => {
    assert(
      property(worlds, ({ length, ...world }) => {
        const rows = observed({ ...world, up: world.down + length });
        // The longest: a slow answer among quick ones may tear a sample off the edge.
        const [outage] = outages(rows, instrument).toSorted((a, b) => b.lost - a.lost);
        expect(outage?.duration.low).toBeLessThanOrEqual(length);
        expect(outage?.duration.high).toBeGreaterThanOrEqual(length);
      }),
      { numRuns: 500 },
    );
  });

  test('is no wider than two periods and a round trip when the prober is on time', () => {
    assert(
      property(worlds, ({ length, ...world }) => {
        const rows = observed({ ...world, late: [0], roundTrips: [1], up: world.down + length });
        const [{ duration } = { duration: { low: 0, estimate: 0, high: null } }] = outages(rows, instrument);
        expect((duration.high ?? Infinity) - duration.low).toBeLessThanOrEqual(2 * 5 + 2 + 0.01);
        expect(Math.abs(duration.estimate - length)).toBeLessThanOrEqual(5 + 0.01);
      }),
    );
  });

  test('widens where samples were never sent', () => {
    const rows = observed({ down: 2501, up: 3501, phase: 0, late: [0], roundTrips: [1] });
    const thinned = rows.map((row): SampleRow =>
      row[0] > 500 && row[0] <= 510 ? [row[0], row[1], row[2], 0, 'late', null] : row,
    );
    const [whole, gappy] = [outages(rows, instrument)[0], outages(thinned, instrument)[0]];
    expect(gappy?.duration.high).toBeCloseTo(whole?.duration.high ?? 0, 3);
    expect(gappy?.duration.low).toBeLessThan((whole?.duration.low ?? 0) - 40);
    expect(gappy?.lost).toBeLessThan(whole?.lost ?? 0);
  });
});

const row = (sequence: number, result: SampleClass): SampleRow => [
  sequence,
  sequence * PERIOD,
  sequence * PERIOD,
  MILLISECOND,
  result,
  null,
];
const rowsOf = (results: readonly SampleClass[]): SampleRow[] =>
  results.map((result, sequence) => row(sequence, result));
const many = (count: number, result: SampleClass): SampleClass[] => Array.from({ length: count }, () => result);

describe('an outage', () => {
  test('is found whatever order the rows arrive in', () => {
    const rows = rowsOf([...many(300, 'ok'), ...many(100, 'timeout'), ...many(300, 'ok')]);
    assert(
      property(shuffledSubarray(rows, { minLength: rows.length }), (shuffled) => {
        expect(outages(shuffled, instrument)).toEqual(outages(rows, instrument));
      }),
      { numRuns: 20 },
    );
  });

  test('is split where the class changes, and its parts meet', () => {
    const [outage] = outages(
      rowsOf([...many(300, 'ok'), ...many(100, 'timeout'), ...many(20, 'http-503'), ...many(300, 'ok')]),
      instrument,
    );
    expect(outage?.parts.map(({ result, lost }) => [result, lost])).toEqual([
      ['timeout', 100],
      ['http-503', 20],
    ]);
    expect(outage?.parts[0]?.end).toBe(outage?.parts[1]?.begin);
    expect(outage?.parts.at(-1)?.end).toBe(outage?.end);
  });

  test('whose classes alternate all the time is described by its stretches', () => {
    const mix = Array.from({ length: 2000 }, (_, index): SampleClass => (index % 200 === 0 ? 'refused' : 'timeout'));
    const [outage] = outages(
      rowsOf([...many(300, 'ok'), ...many(2000, 'timeout'), ...mix, ...many(300, 'ok')]),
      instrument,
    );
    expect(outage?.parts.map(({ result, byClass }) => [result, Object.keys(byClass)])).toEqual([
      ['timeout', ['timeout']],
      ['timeout', ['timeout', 'refused']],
    ]);
  });

  test('is not ended by a few good samples, but by ten in a row', () => {
    const around = (good: number): SampleClass[] => [
      ...many(300, 'ok'),
      ...many(200, 'timeout'),
      ...many(good, 'ok'),
      ...many(200, 'timeout'),
      ...many(300, 'ok'),
    ];
    expect(outages(rowsOf(around(3)), instrument)).toHaveLength(1);
    expect(outages(rowsOf(around(10)), instrument)).toHaveLength(2);
  });

  test('that never ends has no upper bound', () => {
    const [outage] = outages(rowsOf([...many(300, 'ok'), ...many(400, 'timeout')]), instrument);
    expect(outage?.end).toBeNull();
    expect(outage?.duration.high).toBeNull();
    expect(outage?.duration.low).toBeCloseTo(399 * 5 - 1, 1);
  });

  test('is estimated alike by time and by loss when it is one clean gap', () => {
    const [outage] = outages(rowsOf([...many(300, 'ok'), ...many(123, 'timeout'), ...many(300, 'ok')]), instrument);
    expect(outage?.byLoss).toBe(615);
    expect(outage?.duration.estimate).toBeCloseTo(615, 3);
  });

  test('does not exist where nothing was lost, or nothing sent', () => {
    expect(outages(rowsOf(many(50, 'ok')), instrument)).toEqual([]);
    expect(outages([], instrument)).toEqual([]);
  });
});

describe('an episode', () => {
  test('is one, with its share, where a third is lost at random for long', () => {
    let state = 7;
    const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const lossy = Array.from({ length: 4000 }, (): SampleClass => (random() < 1 / 3 ? 'timeout' : 'ok'));
    const series = seriesOf(rowsOf([...many(600, 'ok'), ...lossy, ...many(600, 'ok')]), instrument);
    const episodes = episodeRuns(series).map((run) => episodeOf(series, run));
    expect(episodes).toHaveLength(1);
    expect(episodes[0]?.share).toBeCloseTo(1 / 3, 1);
    expect(episodes[0]?.outages).toBeGreaterThan(500);
    expect(episodes[0]?.duration.low).toBeLessThanOrEqual(20_000);
    expect(episodes[0]?.duration.high).toBeGreaterThanOrEqual(20_000);
  });

  test('has not ended until a second was good', () => {
    const series = seriesOf(rowsOf([...many(300, 'ok'), ...many(100, 'timeout'), ...many(199, 'ok')]), instrument);
    expect(episodeRuns(series).map((run) => episodeOf(series, run).end)).toEqual([null]);
  });

  test('hides behind more good samples the smaller its share', () => {
    expect([1, 0.99, 0.5, 1 / 3, 0.1].map(hiddenBehind)).toEqual([1, 1, 6, 10, 36]);
  });
});
