/** Judges the history of an upgrade, and writes what people and machines read of it. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { judge } from '@faultline/checker';
import { readHistory } from '@faultline/history';
import { asRun, judgeUpgrade, renderUpgradeHtml, renderUpgradeSummary } from '@faultline/upgrade';
import type { UpgradePlan, UpgradeVerdict } from '@faultline/upgrade/plan';
import { EXIT } from './exit.ts';
import type { Given } from './options.ts';

const CODES = { upgraded: EXIT.pass, stuck: EXIT.fail, broken: EXIT.fail, inconclusive: EXIT.inconclusive } as const;

/** Writes the verdicts first: a report that cannot be rendered never loses one. */
export async function reportUpgrade(folder: string): Promise<UpgradeVerdict> {
  const plan = JSON.parse(await readFile(join(folder, 'plan.json'), 'utf8')) as UpgradePlan;
  const events = await readHistory(join(folder, 'history.ndjson'));
  const traffic = judge(events, []);
  const verdict = judgeUpgrade(events, plan);
  const report = { events, plan, traffic, verdict };
  await writeFile(join(folder, 'upgrade.json'), `${JSON.stringify(verdict, null, 2)}\n`);
  await writeFile(join(folder, 'verdict.json'), `${JSON.stringify(asRun(traffic, verdict), null, 2)}\n`);
  await writeFile(join(folder, 'summary.md'), renderUpgradeSummary(report));
  await writeFile(join(folder, 'report.html'), renderUpgradeHtml(report));
  return verdict;
}

/** Says what came of it. @returns the exit code. */
export function tellUpgrade(verdict: UpgradeVerdict, { folder, options }: { folder: string; options: Given }): number {
  if (options['json']) console.log(JSON.stringify({ folder, ...verdict }, null, 2));
  else {
    const { outcome, reason, requests } = verdict;
    const changed = verdict.cases.filter((row) => row.changed).map((row) => row.case);
    console.log(`${outcome.toUpperCase()}: ${reason}`);
    console.log(`  ${requests.lost} of ${requests.sent} requests were lost meanwhile`);
    for (const { cause, connection, lost } of requests.causes) console.log(`    ${lost}\t${connection}\t${cause}`);
    if (changed.length > 0) console.log(`  otherwise than before: ${changed.join(', ')}`);
    console.log(`report  ${join(folder, 'report.html')}`);
  }
  return CODES[verdict.outcome];
}
