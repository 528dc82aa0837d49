/** Judges the history of an upgrade, and writes what people and machines read of it. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { judge, type Verdict } from '@faultline/checker';
import { readHistory, type Stamped } from '@faultline/history';
import {
  asRun,
  judgeUpgrade,
  renderUpgradeHtml,
  renderUpgradesSummary,
  renderUpgradeSummary,
  type Upgrades,
} from '@faultline/upgrade';
import type { UpgradePlan, UpgradeVerdict } from '@faultline/upgrade/plan';
import { EXIT } from './exit.ts';
import type { Given } from './options.ts';

const CODES = { upgraded: EXIT.pass, stuck: EXIT.fail, broken: EXIT.fail, inconclusive: EXIT.inconclusive } as const;

export interface JudgedUpgrade {
  /** As of any run. */
  readonly verdict: Verdict;
  readonly events: readonly Stamped[];
  readonly upgrade: UpgradeVerdict;
}

/** Whether the folder's plan is one of an upgrade. */
export async function isUpgrade(folder: string): Promise<boolean> {
  const { scenario } = JSON.parse(await readFile(join(folder, 'plan.json'), 'utf8')) as { scenario?: string };
  return scenario === ('upgrade-traefik' satisfies UpgradePlan['scenario']);
}

/** Writes the verdicts first: a report that cannot be rendered never loses one. */
export async function reportUpgrade(folder: string): Promise<JudgedUpgrade> {
  const plan = JSON.parse(await readFile(join(folder, 'plan.json'), 'utf8')) as UpgradePlan;
  const events = await readHistory(join(folder, 'history.ndjson'));
  const traffic = judge(events, []);
  const upgrade = judgeUpgrade(events, plan);
  const verdict = asRun(traffic, upgrade);
  const report = { events, plan, traffic, verdict: upgrade };
  await writeFile(join(folder, 'upgrade.json'), `${JSON.stringify(upgrade, null, 2)}\n`);
  await writeFile(join(folder, 'verdict.json'), `${JSON.stringify(verdict, null, 2)}\n`);
  await writeFile(join(folder, 'summary.md'), renderUpgradeSummary(report));
  await writeFile(join(folder, 'report.html'), renderUpgradeHtml(report));
  return { verdict, events, upgrade };
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

/** The same of several. @returns the worst exit code. */
export async function tellUpgrades(
  upgrades: Upgrades,
  { folder, options }: { folder: string; options: Given },
): Promise<number> {
  const summary = renderUpgradesSummary(upgrades);
  await writeFile(join(folder, 'upgrades.json'), `${JSON.stringify(upgrades, null, 2)}\n`);
  await writeFile(join(folder, 'summary.md'), summary);
  console.log(options['json'] ? JSON.stringify({ folder, ...upgrades }, null, 2) : summary);
  return Math.max(EXIT.pass, ...upgrades.runs.map(({ outcome }) => CODES[outcome]));
}
