/** What a night comes to: one outcome, the skips by capability, what was not run. */
import { combine, type Outcome } from '@faultline/checker';
import { shareOf, type NightPlan, type Row } from './plan-night.ts';
import type { Result } from './result.ts';

export interface Told {
  readonly plan: NightPlan;
  /** Of each row its last line. */
  readonly results: ReadonlyMap<string, Result>;
  /** Capabilities whose skips are failures. */
  readonly required: readonly string[];
}

/** A skip for want of what was required is a failure; one for want of time, or of anything else, is none. */
export function isRequired({ skip }: Result, required: readonly string[]): boolean {
  return skip?.because === 'capability' && required.includes(skip.capability);
}

/** `skipped`: nothing was run, and nothing was required. */
export function outcomeOfNight({ results, required }: Told): Outcome | 'skipped' {
  const outcomes = [...results.values()].flatMap((result): Outcome[] => {
    if (isRequired(result, required)) return ['fail'];
    return result.verdict === 'skip' ? [] : [result.verdict];
  });
  return outcomes.length === 0 && results.size > 0 ? 'skipped' : combine(outcomes);
}

export interface Skipped {
  readonly capability: string;
  readonly reason: string;
  readonly count: number;
}

/** By capability, the most frequent first. */
export function skipsByCapability(results: Told['results']): readonly Skipped[] {
  const skips = [...results.values()].flatMap(({ skip, reason }) =>
    skip?.because === 'capability' ? [{ capability: skip.capability, reason }] : [],
  );
  const groups = [...Map.groupBy(skips, ({ capability }) => capability)];
  return groups
    .map(([capability, all]) => ({ capability, reason: all[0]?.reason ?? '', count: all.length }))
    .toSorted((a, b) => b.count - a.count || (a.capability < b.capability ? -1 : 1));
}

/** Planned, and not run: for want of time, or because the night ended before. */
export const notRun = ({ plan, results }: Told): readonly Row[] =>
  plan.rows.filter(({ id }) => {
    const result = results.get(id);
    return result === undefined || result.skip?.because === 'budget';
  });

/** The share of the combinations that were really run. */
export function coveredShare({ plan, results }: Told): number {
  const run = plan.rows.filter(({ id }) => {
    const result = results.get(id);
    return result !== undefined && result.verdict !== 'skip';
  });
  return shareOf(plan, run);
}
