/**
 * Rows that share a load balancer share a mechanism: whatever strikes the announcer, the same timers find out. One run a
 * night says little about a timer of a random phase; ten rows of the same mechanism say as much as ten repeats of one.
 */
import type { Mechanism } from '@faultline/checker';
import { CHANGE_RULE } from './changes.ts';
import { figureOf, mean, type Point, type Series } from './series.ts';

/** The fit below gains a digit in each round. */
const ROUNDS = 20;

/** @param shown how many of the last nights. */
export function mechanismsOf(all: readonly Series[], names: readonly string[], shown: number): readonly Mechanism[] {
  const fit = all.filter((series) => series.expected !== null && isFollowed(series, names.length - 1));
  const groups = Map.groupBy(fit, ({ loadBalancer, name }) => JSON.stringify([loadBalancer, name]));
  return [...groups.values()].flatMap((rows): Mechanism[] => {
    const [first] = rows;
    if (!first || rows.length < 2) return [];
    const { loadBalancer, name, expected } = first;
    const figure = figureOf({ name, expected, points: pooled(rows) }, names, shown);
    return [{ loadBalancer, rows: rows.length, figure }];
  });
}

/** A row of yesterday alone, or of tonight alone, would be taken for a change. */
const isFollowed = ({ points }: Series, tonight: number): boolean =>
  points.length >= 2 * CHANGE_RULE.least && points.at(-1)?.night === tonight;

/**
 * What each night adds, once it is known what sets each row apart: log = row + night, fitted by least squares, one after
 * the other until both rest. A night with other rows than the last is no slower for it.
 */
export function pooled(rows: readonly Series[]): readonly Point[] {
  const nights = [...new Set(rows.flatMap(({ points }) => points.map(({ night }) => night)))].toSorted((a, b) => a - b);
  const cells = rows.flatMap(({ points }, row) => points.map((point) => ({ row, point })));
  const byNight = Map.groupBy(cells, ({ point }) => point.night);
  const byRow = Map.groupBy(cells, ({ row }) => row);
  let ofRow = new Map<number, number>();
  let ofNight = new Map<number, number>();
  for (let round = 0; round < ROUNDS; round++) {
    const rowsSoFar = ofRow;
    ofNight = each(byNight, ({ row, point }) => point.log - (rowsSoFar.get(row) ?? 0));
    const nightsSoFar = ofNight;
    ofRow = each(byRow, ({ point }) => point.log - (nightsSoFar.get(point.night) ?? 0));
  }
  const level = mean([...ofRow.values()]);
  return nights.flatMap((night) => {
    const there = byNight.get(night) ?? [];
    const [first] = there;
    if (!first) return [];
    return [
      {
        ...first.point,
        log: (ofNight.get(night) ?? 0) + level,
        ms: Math.exp(mean(there.map(({ point }) => Math.log(point.ms)))),
        runs: there.reduce((sum, { point }) => sum + point.runs, 0),
      },
    ];
  });
}

function each<K, V>(groups: ReadonlyMap<K, readonly V[]>, value: (of: V) => number): Map<K, number> {
  return new Map([...groups].map(([key, members]) => [key, mean(members.map(value))]));
}
