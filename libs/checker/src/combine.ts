/** Many results, one outcome. */
import type { Outcome } from './verdict.ts';

/** One fail fails all; else one doubt leaves all in doubt; and nothing checked is nothing shown. */
export function combine(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes('fail')) return 'fail';
  if (outcomes.includes('inconclusive') || outcomes.length === 0) return 'inconclusive';
  return 'pass';
}
