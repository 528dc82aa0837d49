/** Who runs what: groups on machines, and what fits into a night. */
import type { Group, NightPlan, Row } from './plan-night.ts';

/** One of several machines: `2/4`. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

export const WHOLE: Shard = { index: 1, of: 1 };

export const rowsOf = ({ rows }: NightPlan, group: Group): readonly Row[] => {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return group.rows.flatMap((id) => byId.get(id) ?? []);
};

/** Milliseconds: one boot, and its rows. */
export const durationOf = (rows: readonly Row[]): number =>
  rows.reduce((sum, { ownMs }) => sum + ownMs, rows[0]?.bootMs ?? 0);

/**
 * The groups of a shard: the longest goes first, to the machine that has least (LPT: at most 4/3 of the best there is).
 * All shards of a plan together have each group once.
 */
export function shardOf(plan: NightPlan, { index, of }: Shard): readonly Group[] {
  const loads = Array.from({ length: of }, () => ({ ms: 0, groups: [] as Group[] }));
  const sized = plan.groups.map((group) => ({ group, ms: durationOf(rowsOf(plan, group)) }));
  for (const { group, ms } of sized.toSorted((a, b) => b.ms - a.ms)) {
    const least = loads.reduce((best, load) => (load.ms < best.ms ? load : best));
    least.ms += ms;
    least.groups.push(group);
  }
  return byWorth(plan, loads[index - 1]?.groups ?? []);
}

/** Skips are told once: by the first shard. */
export const skipsOf = ({ rows }: NightPlan, { index }: Shard): readonly Row[] =>
  index === 1 ? rows.filter(({ lacks }) => lacks.length > 0) : [];

/** The night as a shard sees it: what others run is none of its business. */
export function partOf(plan: NightPlan, shard: Shard): NightPlan {
  const own = new Set(shardOf(plan, shard).flatMap(({ rows }) => rows));
  const skips = new Set(skipsOf(plan, shard).map(({ id }) => id));
  return { ...plan, rows: plan.rows.filter(({ id }) => own.has(id) || skips.has(id)) };
}

/** Those with rows that must be first, then those that bring most combinations in a minute. */
function byWorth(plan: NightPlan, groups: readonly Group[]): readonly Group[] {
  const judged = groups.map((group) => {
    const rows = rowsOf(plan, group);
    const brings = rows.reduce((sum, row) => sum + row.brings, 0);
    return { group, musts: rows.filter(({ must }) => must !== null).length, worth: brings / durationOf(rows) };
  });
  return judged
    .toSorted((a, b) => Number(b.musts > 0) - Number(a.musts > 0) || b.worth - a.worth)
    .map(({ group }) => group);
}

export interface Fitted {
  /** What is run, in this order. */
  readonly groups: readonly Group[];
  /** Rows for which there is no time. */
  readonly left: readonly Row[];
  readonly estimateMs: number;
}

/** What fits into so many milliseconds. A group that does not fit whole is cut; what is left is named. */
export function fitting(plan: NightPlan, groups: readonly Group[], budgetMs: number): Fitted {
  let spent = 0;
  const left: Row[] = [];
  const fit = groups.flatMap((group) => {
    const all = rowsOf(plan, group).toSorted((a, b) => Number(b.must !== null) - Number(a.must !== null));
    const taken: Row[] = [];
    for (const row of all) {
      const ms = row.ownMs + (taken.length === 0 ? row.bootMs : 0);
      if (spent + ms > budgetMs) left.push(row);
      else {
        spent += ms;
        taken.push(row);
      }
    }
    const ids = new Set(taken.map(({ id }) => id));
    return taken.length > 0 ? [{ name: group.name, rows: group.rows.filter((id) => ids.has(id)) }] : [];
  });
  return { groups: fit, left, estimateMs: spent };
}
