/** `faultline check <run>`: judges an old run, or every run of a set, again; needs no cluster and no Docker. */
import { resolve } from 'node:path';
import { exitOf } from '../exit.ts';
import { runFolder } from '../folder.ts';
import { reportFolder } from '../judge.ts';
import type { Given } from '../options.ts';
import { exitOfSet, isSet, judgeSet } from '../set.ts';

export async function execute([given = 'latest']: readonly string[], options: Given): Promise<number> {
  if (await isSet(resolve(given))) {
    const folder = resolve(given);
    return exitOfSet({ folder, verdict: await judgeSet(folder), interrupted: false, failure: undefined }, options);
  }
  const { verdict } = await reportFolder(await runFolder(given));
  if (options['json']) {
    console.log(JSON.stringify(verdict, null, 2));
  } else {
    console.log(`${verdict.outcome}: ${verdict.reason}`);
    for (const { check, outcome, reason } of verdict.checks) console.log(`  ${outcome.padEnd(12)} ${check}: ${reason}`);
  }
  return exitOf(verdict.outcome);
}
