/** What came of a night, for people, for a CI's summary and for its test report; and the exit code. */
import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { latest, nightJunit, nightSummary, outcomeOfNight, readResults } from '@faultline/matrix';
import type { NightPlan } from '@faultline/matrix/plan';
import { EXIT, exitOf } from '../exit.ts';
import type { Given } from '../options.ts';
import { words } from './intent.ts';

export async function tellNight(folder: string, plan: NightPlan, options: Given): Promise<number> {
  const results = latest(await readResults(folder));
  const told = { plan, results, required: words(options['require'], []) };
  const outcome = outcomeOfNight(told);
  const summary = nightSummary(told);
  await writeFile(join(folder, 'summary.md'), summary);
  await writeFile(join(folder, 'junit.xml'), nightJunit(told));
  if (options['json']) console.log(JSON.stringify({ folder, outcome, results: [...results.values()] }, null, 2));
  else console.log(`${summary}\nnight  ${relative(process.cwd(), folder) || '.'}`);
  return outcome === 'skipped' ? EXIT.skipped : exitOf(outcome);
}
