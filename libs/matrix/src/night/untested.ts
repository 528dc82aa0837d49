/** What nobody knows of a night, and why. */
import type { Untested } from '@faultline/checker';
import type { Result } from '../result.ts';
import type { Night } from './gather.ts';

/** Of the last of these nights. */
export function untestedOf(nights: readonly Night[]): Untested {
  const tonight = nights.at(-1);
  const results = tonight?.results ?? [];
  const planned = new Set(results.map(({ row }) => row));
  const before = nights.at(-2)?.results.map(({ row }) => row) ?? [];
  return {
    skips: skipsOf(results),
    beyondBudget: results.flatMap(({ row, skip }) => (skip?.because === 'budget' ? [row] : [])),
    gone: [...new Set(before)].filter((row) => !planned.has(row)),
    shards: tonight?.missing ?? [],
  };
}

/** What most rows lack, first. */
function skipsOf(results: readonly Result[]): Untested['skips'] {
  const lacking = results.flatMap(({ row, skip, reason }) =>
    skip?.because === 'capability' ? [{ row, reason, capability: skip.capability }] : [],
  );
  return [...Map.groupBy(lacking, ({ capability }) => capability)]
    .map(([capability, of]) => ({
      capability,
      reason: of[0]?.reason ?? '',
      rows: [...new Set(of.map(({ row }) => row))],
    }))
    .toSorted((a, b) => b.rows.length - a.rows.length || (a.capability < b.capability ? -1 : 1));
}
