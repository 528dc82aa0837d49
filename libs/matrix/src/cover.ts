/**
 * Covering arrays: rows such that every combination of values of any two (or three) factors that a valid cell has is in at
 * least one of them.
 *
 * Valid cells are some thousands, so they are written out: constraints need no solver, and every row is valid by itself. The
 * next row is always the one that brings most combinations that no row had; of equal ones the seed decides. Gains only
 * ever shrink, so a cell is counted again only when it is the best that is left (Minoux' lazy greedy).
 */
import { seeded } from '@faultline/scenario/plan';

export interface CoverOptions {
  /** How many factors are combined: 2 for pairs, 3 for triples. */
  readonly strength: number;
  readonly seed: number;
  /** Indices of cells that are rows in any case; they come first. */
  readonly must?: readonly number[];
  /** Which cells are preferred: a cell of the second pass is taken for what none of the first can bring. */
  readonly passes?: readonly (readonly number[])[];
}

/** Indices of the chosen cells, those of most gain first. @param cells each a value for every factor, in one order. */
export function cover(cells: readonly (readonly string[])[], options: CoverOptions): readonly number[] {
  const { strength, seed, must = [], passes = [cells.map((_, index) => index)] } = options;
  const tuples = numbered(cells, strength);
  const covered = new Set<number>();
  const chosen = new Set<number>();
  const take = (index: number): void => {
    chosen.add(index);
    for (const tuple of tuples[index] ?? []) covered.add(tuple);
  };
  must.forEach(take);
  const random = seeded(seed);
  const most = tuples[0]?.length ?? 0;
  for (const pass of passes) {
    const byGain: number[][] = Array.from({ length: most + 1 }, () => []);
    byGain[most] = shuffled(pass, random);
    for (let gain = most; gain > 0; gain--) {
      // What falls behind lands in a list that is still to come.
      for (const index of byGain[gain] ?? []) {
        const now = (tuples[index] ?? []).filter((tuple) => !covered.has(tuple)).length;
        if (now === gain) take(index);
        else byGain[now]?.push(index);
      }
    }
  }
  return [...chosen];
}

/** The combinations of each cell as numbers, the same number for the same values of the same factors. */
export function numbered(cells: readonly (readonly string[])[], strength: number): readonly (readonly number[])[] {
  const columns = combinations(cells[0]?.length ?? 0, strength);
  const numbers = new Map<string, number>();
  return cells.map((cell) =>
    columns.map((column) => {
      const key = `${column.join()}:${column.map((factor) => cell[factor]).join('\n')}`;
      const known = numbers.get(key) ?? numbers.size;
      numbers.set(key, known);
      return known;
    }),
  );
}

/** How many combinations these have together. */
export const countCombinations = (cells: readonly (readonly string[])[], strength: number): number =>
  new Set(numbered(cells, strength).flat()).size;

/** Every choice of `size` of the numbers below `count`. */
export function combinations(count: number, size: number, from = 0): readonly (readonly number[])[] {
  if (size === 0) return [[]];
  return Array.from({ length: Math.max(0, count - from) }, (_, offset) => from + offset).flatMap((first) =>
    combinations(count, size - 1, first + 1).map((rest) => [first, ...rest]),
  );
}

/** Fisher and Yates. */
function shuffled(indices: readonly number[], random: () => number): number[] {
  const shuffle = [...indices];
  for (let last = shuffle.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [shuffle[last], shuffle[other]] = [shuffle[other] as number, shuffle[last] as number];
  }
  return shuffle;
}
