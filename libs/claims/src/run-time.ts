/** How long a set-up took, its boot included: what the next one who runs it has to wait. In docs/evidence/claims/runs.json. */
import type { SetUpName } from './set-up.ts';

export interface RunTime {
  readonly run: string;
  readonly setUp: SetUpName;
  readonly release: string;
  readonly questions: number;
  /** From the begin until the cluster was there, and until the last answer, milliseconds. */
  readonly bootMs: number;
  readonly wholeMs: number;
  /** Wall time. */
  readonly at: string;
}

/** One for each set-up and release: the run that asked the most, and of these the newest. */
export function mergeRuns(old: readonly RunTime[], fresh: RunTime): readonly RunTime[] {
  const isSame = ({ setUp, release }: RunTime) => setUp === fresh.setUp && release === fresh.release;
  const before = old.find(isSame);
  if (before && before.questions > fresh.questions) return old;
  const order = ({ setUp, release }: RunTime) => `${setUp} ${release}`;
  return [...old.filter((one) => !isSame(one)), fresh].toSorted((a, b) => order(a).localeCompare(order(b)));
}
