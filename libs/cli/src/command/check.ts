/** `faultline check <run>`: judges an old run again; needs no cluster and no Docker. */
import { exitOf } from '../exit.ts';
import { runFolder } from '../folder.ts';
import { judgeFolder, writeReports } from '../judge.ts';

export async function execute([given = 'latest']: readonly string[], options: { json?: unknown }): Promise<number> {
  const folder = await runFolder(given);
  const judged = await judgeFolder(folder);
  await writeReports(folder, judged);
  const { verdict } = judged;
  if (options.json) {
    console.log(JSON.stringify(verdict, null, 2));
  } else {
    console.log(`${verdict.outcome}: ${verdict.reason}`);
    for (const { check, outcome, reason } of verdict.checks) console.log(`  ${outcome.padEnd(12)} ${check}: ${reason}`);
  }
  return exitOf(verdict.outcome);
}
