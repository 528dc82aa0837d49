import { expect, test } from 'vitest';
import { combinations, cover, numbered } from './cover.ts';

type Cell = readonly string[];

/** All cells of factors with so many values each, but for those that a constraint forbids. */
function product(levels: readonly number[], isValid: (cell: Cell) => boolean = () => true): readonly Cell[] {
  return levels
    .reduce<readonly Cell[]>(
      (cells, count) => cells.flatMap((cell) => Array.from({ length: count }, (_, value) => [...cell, String(value)])),
      [[]],
    )
    .filter(isValid);
}

/** Counted in another way than the generator does it: by words. */
function tuplesOf(cells: readonly Cell[], strength: number): Set<string> {
  const columns = combinations(cells[0]?.length ?? 0, strength);
  return new Set(
    cells.flatMap((cell) => columns.map((column) => column.map((factor) => `${factor}=${cell[factor]}`).join('&'))),
  );
}

const pick = (cells: readonly Cell[], indices: readonly number[]): readonly Cell[] =>
  indices.map((index) => cells[index] ?? []);

test.each([2, 3])('every valid tuple of %i factors is in a row, for ten seeds', (strength) => {
  const cells = product([3, 4, 2, 3, 5], ([a, b, , , e]) => !(a === '0' && b === '1') && !(a === '2' && e === '4'));
  const wanted = tuplesOf(cells, strength);
  for (let seed = 0; seed < 10; seed++) {
    const rows = pick(cells, cover(cells, { strength, seed }));
    expect(tuplesOf(rows, strength)).toEqual(wanted);
    expect(rows.length).toBeLessThan(cells.length / 2);
  }
});

test('pairs of five thousand cells take hardly more rows than the two longest factors have pairs', () => {
  const cells = product([5, 5, 3, 2, 3, 3, 2, 2]);
  const rows = cover(cells, { strength: 2, seed: 1 });
  expect(tuplesOf(pick(cells, rows), 2)).toEqual(tuplesOf(cells, 2));
  expect(rows.length).toBeLessThanOrEqual(33);
});

test('the same seed gives the same rows, another one others', () => {
  const cells = product([3, 3, 3, 3]);
  const rows = (seed: number) => cover(cells, { strength: 2, seed });
  expect(rows(7)).toEqual(rows(7));
  expect(rows(7)).not.toEqual(rows(8));
});

test('rows that must be come first, and what they bring is not brought again', () => {
  const cells = product([2, 2, 2]);
  const all = cells.map((_, index) => index);
  expect(cover(cells, { strength: 2, seed: 1, must: [5, 3] }).slice(0, 2)).toEqual([5, 3]);
  expect(cover(cells, { strength: 2, seed: 1, must: all })).toEqual(all);
});

test('a cell of a later pass is a row only for what the earlier ones lack', () => {
  const cells = product([2, 3, 3]);
  const passes = [0, 1].map((value) => cells.flatMap(([first], index) => (first === String(value) ? [index] : [])));
  const rows = cover(cells, { strength: 2, seed: 3, passes });
  const late = pick(cells, rows).filter(([first]) => first === '1');
  // The pairs of the other two factors are all in the first pass already: three rows bring 1 together with each value.
  expect(late).toHaveLength(3);
  expect(tuplesOf(pick(cells, rows), 2)).toEqual(tuplesOf(cells, 2));
});

test('no cells, no rows', () => {
  expect(cover([], { strength: 2, seed: 0 })).toEqual([]);
});

test('a combination has one number, and another one another', () => {
  const [one, other] = numbered(
    [
      ['a', 'b', 'c'],
      ['a', 'b', 'd'],
    ],
    2,
  );
  expect(one?.[0]).toBe(other?.[0]);
  expect(one?.[1]).not.toBe(other?.[1]);
});
