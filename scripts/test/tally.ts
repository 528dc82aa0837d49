/** How a test run went: what passed, what failed, and what was left out for which reason. */

export interface Skip {
  readonly name: string;
  readonly reason: string;
}

export interface Tally {
  readonly passed: number;
  /** Names. */
  readonly failed: readonly string[];
  readonly skipped: readonly Skip[];
}

export const nothing: Tally = { passed: 0, failed: [], skipped: [] };

export const passed: Tally = { ...nothing, passed: 1 };

export const failed = (name: string): Tally => ({ ...nothing, failed: [name] });

export const sum = (tallies: readonly Tally[]): Tally => ({
  passed: tallies.reduce((count, tally) => count + tally.passed, 0),
  failed: tallies.flatMap((tally) => tally.failed),
  skipped: tallies.flatMap((tally) => tally.skipped),
});

/** A run that tested nothing has not passed: somebody's filter or somebody's glob is wrong. */
export const isGood = ({ passed: count, failed: names }: Tally): boolean => count > 0 && names.length === 0;

/** What was skipped by reason, what failed by name, and as the last line the counts. */
export function summary(tally: Tally): string {
  const byReason = Map.groupBy(tally.skipped, ({ reason }) => reason);
  const skips = [...byReason].flatMap(([reason, those]) => [
    `skipped: ${reason}`,
    ...those.map(({ name }) => `  ${name}`),
  ]);
  const failures = tally.failed.map((name) => `failed: ${name}`);
  const counts = `${tally.passed} passed, ${tally.failed.length} failed, ${tally.skipped.length} skipped`;
  return [...skips, ...failures, counts].join('\n');
}
