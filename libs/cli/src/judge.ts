/** Judges a run's history and writes everything that people and machines read of it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { judge, type Verdict } from '@faultline/checker';
import { readHistory, type Stamped } from '@faultline/history';
import { renderHtml, renderJunit, renderSummary } from '@faultline/report';
import { readPlan } from './folder.ts';
import { isReplay, reportReplay } from './replay-report.ts';
import { isUpgrade, reportUpgrade } from './upgrade-report.ts';

export interface Judged {
  readonly verdict: Verdict;
  readonly events: readonly Stamped[];
}

/** The verdict on a run folder's history, by its plan's expectations; nothing is written. */
export async function judgeFolder(folder: string): Promise<Judged> {
  const [plan, events] = await Promise.all([readPlan(folder), readHistory(join(folder, 'history.ndjson'))]);
  return { verdict: judge(events, plan.expectations), events };
}

/** Judges a run's folder, and writes everything that is read of it. */
export async function reportFolder(folder: string): Promise<Judged> {
  // An upgrade is judged by more than its traffic, and so is a replay.
  if (await isUpgrade(folder)) return reportUpgrade(folder);
  if (await isReplay(folder)) return reportReplay(folder);
  const judged = await judgeFolder(folder);
  await writeReports(folder, judged);
  return judged;
}

/** Writes verdict.json first: a report that cannot be rendered never loses a verdict. */
async function writeReports(folder: string, { verdict, events }: Judged): Promise<void> {
  const plan = await readPlan(folder);
  await writeFile(join(folder, 'verdict.json'), `${JSON.stringify(verdict, null, 2)}\n`);
  await writeFile(join(folder, 'summary.md'), renderSummary({ events, verdict }));
  await writeFile(join(folder, 'junit.xml'), renderJunit({ verdict }));
  await writeFile(join(folder, 'report.html'), renderHtml({ events, verdict, plan }));
}
