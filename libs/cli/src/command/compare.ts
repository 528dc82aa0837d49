/** `faultline compare <folders...>`: sets side by side, or the two clocks of single runs. Needs no cluster. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { compareSets, type SetVerdict, type Shift, type Verdict } from '@faultline/checker';
import { systemClock } from '@faultline/history';
import { renderClocksHtml, renderComparisonHtml, renderComparisonSummary, renderShift } from '@faultline/report';
import { runFolder, timeName } from '../folder.ts';
import { judgeFolder } from '../judge.ts';
import { text, type Given } from '../options.ts';
import { isSet, judgeSet } from '../set.ts';
import { RUNS } from '../workspace.ts';

export async function execute(folders: readonly string[], options: Given): Promise<number> {
  const out = resolve(text(options['out']) ?? join(RUNS, 'compare', timeName(systemClock.wall())));
  const kinds = await Promise.all(folders.map((folder) => isSet(resolve(folder))));
  if (!kinds.includes(true)) return clocks(folders, out, options);
  // Judged again: what is compared is compared by the same checks.
  const found: SetVerdict[] = [];
  for (const folder of folders) found.push(await judgeSet(resolve(folder)));
  await writeComparison(
    found,
    folders.map((folder) => resolve(folder)),
    out,
  );
  const [first, ...others] = found;
  const shifts = others.map((other) => ({
    from: first?.label ?? '',
    to: other.label,
    shifts: first ? compareSets(first, other) : [],
  }));
  say(found, shifts, out, options);
  return 0;
}

interface Compared {
  readonly from: string;
  readonly to: string;
  readonly shifts: readonly Shift[];
}

function say(sets: readonly SetVerdict[], compared: readonly Compared[], out: string, options: Given): void {
  if (options['json']) return console.log(JSON.stringify({ folder: out, compared }, null, 2));
  console.log(renderComparisonSummary(sets));
  for (const { from, to, shifts } of compared) {
    console.log(`\n${to} against ${from}`);
    for (const shift of shifts) console.log(`  ${renderShift(shift, to)}`);
  }
  console.log(`\nreport  ${relative(process.cwd(), join(out, 'comparison.html'))}`);
}

/** @param folders those of the sets, in the same order: the page links to them. */
export async function writeComparison(
  sets: readonly SetVerdict[],
  folders: readonly string[],
  out: string,
): Promise<void> {
  await mkdir(out, { recursive: true });
  const links = folders.map((folder) => relative(out, join(folder, 'report.html')));
  await writeFile(join(out, 'comparison.json'), `${JSON.stringify(sets, null, 2)}\n`);
  await writeFile(join(out, 'summary.md'), renderComparisonSummary(sets));
  await writeFile(join(out, 'comparison.html'), renderComparisonHtml(sets, { links }));
}

async function clocks(folders: readonly string[], out: string, options: Given): Promise<number> {
  const runs = await Promise.all(
    folders.map(async (given) => {
      const folder = await runFolder(given);
      return { label: await labelIn(folder), verdict: (await judgeFolder(folder)).verdict };
    }),
  );
  await mkdir(out, { recursive: true });
  const page = join(out, 'clocks.html');
  await writeFile(page, renderClocksHtml(runs));
  await writeFile(join(out, 'clocks.json'), `${JSON.stringify(runs, null, 2)}\n`);
  if (options['json']) console.log(JSON.stringify({ folder: out, runs }, null, 2));
  else
    console.log(`${runs.map(({ label, verdict }) => `${label}: ${verdict.headline}`).join('\n')}\n\nreport  ${page}`);
  return 0;
}

/** The factors that tell the runs apart. */
async function labelIn(folder: string): Promise<string> {
  const { cell } = JSON.parse(await readFile(join(folder, 'verdict.json'), 'utf8')) as Verdict;
  const { controller = 'default', trafficPolicy = 'Cluster', loadBalancer = '?' } = cell;
  return `${controller} on ${loadBalancer}${trafficPolicy === 'Local' ? ', Local' : ''}`;
}
