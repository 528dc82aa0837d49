/** `faultline report <run>`: renders a run's reports again. */
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { exitOf } from '../exit.ts';
import { runFolder } from '../folder.ts';
import { reportFolder } from '../judge.ts';
import { openInBrowser } from '../open.ts';
import { isSet, judgeSet, outcomeOf } from '../set.ts';

export async function execute(
  [given = 'latest']: readonly string[],
  options: { json?: unknown; open?: unknown },
): Promise<number> {
  if (await isSet(resolve(given))) return ofSet(resolve(given), options);
  const folder = await runFolder(given);
  const judged = await reportFolder(folder);
  const page = join(folder, 'report.html');
  const opened = options.open ? await openInBrowser(page) : false;
  console.log(
    options.json
      ? JSON.stringify({ folder, report: page, opened, outcome: judged.verdict.outcome })
      : pathToFileURL(page).href,
  );
  return exitOf(judged.verdict.outcome);
}

async function ofSet(folder: string, options: { json?: unknown }): Promise<number> {
  const verdict = await judgeSet(folder);
  const page = join(folder, 'report.html');
  console.log(
    options.json ? JSON.stringify({ folder, report: page, counts: verdict.counts }) : pathToFileURL(page).href,
  );
  return exitOf(outcomeOf({ verdict }));
}
