import { expect, test } from 'vitest';
import { exampleNight } from './example-night.ts';
import type { NightPlan, Row } from './plan-night.ts';
import { durationOf, fitting, partOf, rowsOf, shardOf, skipsOf } from './share.ts';

/** A night of groups that take so many minutes, each a row of its own, without a boot. */
function nightOf(
  minutes: readonly number[],
  change: (row: Row, index: number) => Partial<Row> = () => ({}),
): NightPlan {
  const [example] = exampleNight().rows as [Row];
  const rows = minutes.map((ms, index) => {
    const row = { ...example, id: `row-${index}`, bootMs: 0, ownMs: ms * 60_000, must: null, brings: 1, lacks: [] };
    return { ...row, ...change(row, index) };
  });
  return { ...exampleNight(), rows, groups: rows.map(({ id }, index) => ({ name: `cluster-${index}`, rows: [id] })) };
}

const minutesOf = (plan: NightPlan, index: number, of: number): number =>
  shardOf(plan, { index, of }).reduce((sum, group) => sum + durationOf(rowsOf(plan, group)), 0) / 60_000;

test('shards are balanced by what their rows take, not by how many they are', () => {
  const plan = nightOf([60, 10, 10, 10, 10, 10, 10]);
  expect([1, 2].map((index) => minutesOf(plan, index, 2))).toEqual([60, 60]);
});

test.each([2, 3, 4, 7])('of %i shards the longest is at most 4/3 of an even share and the longest row', (of) => {
  const plan = nightOf(Array.from({ length: 40 }, (_, index) => 1 + ((index * 37) % 23)));
  const loads = Array.from({ length: of }, (_, at) => minutesOf(plan, at + 1, of));
  const even = loads.reduce((sum, load) => sum + load, 0) / of;
  expect(Math.max(...loads)).toBeLessThanOrEqual((4 / 3) * Math.max(even, 23));
});

test('a boot is counted once for a group', () => {
  const [one, two] = nightOf([1, 2], () => ({ bootMs: 30_000 })).rows as [Row, Row];
  expect(durationOf([one, two])).toBe(210_000);
});

test('what must be is run first, then what brings most in a minute', () => {
  const plan = nightOf([10, 10, 10, 20], (_, index) => ({
    must: index === 2 ? 'it must' : null,
    brings: [5, 9, 0, 30][index] ?? 0,
  }));
  expect(shardOf(plan, { index: 1, of: 1 }).map(({ rows }) => rows[0])).toEqual(['row-2', 'row-3', 'row-1', 'row-0']);
});

test('what does not fit is named, and something shorter takes its place', () => {
  const plan = nightOf([10, 30, 5], (_, index) => ({ brings: [9, 20, 1][index] ?? 0 }));
  const { groups, left, estimateMs } = fitting(plan, shardOf(plan, { index: 1, of: 1 }), 15 * 60_000);
  expect(groups.flatMap(({ rows }) => rows)).toEqual(['row-0', 'row-2']);
  expect(left.map(({ id }) => id)).toEqual(['row-1']);
  expect(estimateMs).toBe(15 * 60_000);
});

test('a group that does not fit whole is cut, and keeps its boot', () => {
  const plan = nightOf([4, 4, 4], () => ({ bootMs: 60_000 }));
  const group = { name: 'all', rows: plan.rows.map(({ id }) => id) };
  const { groups, left } = fitting({ ...plan, groups: [group] }, [group], 10 * 60_000);
  expect(groups).toEqual([{ name: 'all', rows: ['row-0', 'row-1'] }]);
  expect(left.map(({ id }) => id)).toEqual(['row-2']);
});

test('without a minute nothing is run, and all of it is named', () => {
  const plan = nightOf([1, 1]);
  expect(fitting(plan, plan.groups, 0)).toMatchObject({ groups: [], estimateMs: 0, left: plan.rows });
});

test('skips are told by the first shard', () => {
  const plan = nightOf([1, 1], (_, index) => ({ lacks: index === 0 ? [{ capability: 'netem', reason: 'none' }] : [] }));
  expect(skipsOf(plan, { index: 1, of: 2 }).map(({ id }) => id)).toEqual(['row-0']);
  expect(skipsOf(plan, { index: 2, of: 2 })).toEqual([]);
});

test('the parts of all shards are the night, and no row is in two', () => {
  const plan = nightOf([3, 2, 1, 1], (_, index) => ({ lacks: index === 3 ? [{ capability: 'x', reason: 'y' }] : [] }));
  const night = { ...plan, groups: plan.groups.slice(0, 3) };
  const parts = [1, 2].map((index) => partOf(night, { index, of: 2 }).rows.map(({ id }) => id));
  expect(parts).toEqual([
    ['row-0', 'row-3'],
    ['row-1', 'row-2'],
  ]);
});
