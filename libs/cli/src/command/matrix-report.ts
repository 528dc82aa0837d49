/** `faultline matrix report <history>`: the page of a night, held against the nights before it. Needs no cluster. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { NightReport, QuarantineEntry } from '@faultline/checker';
import { handIn, latest, nightReport, NIGHTS_SHOWN, readNights, readResults, type Shard } from '@faultline/matrix';
import { parseQuarantine, type Nights, type Result } from '@faultline/matrix/plan';
import { nightHeadline, renderNightHtml, renderNightJunit, renderNightSummary } from '@faultline/report';
import { wholeNumber } from '../allowed.ts';
import { exitOf, UsageError } from '../exit.ts';
import { text, type Given } from '../options.ts';
import { RUNS } from '../workspace.ts';

export async function execute([given = '.']: readonly string[], options: Given): Promise<number> {
  const history = resolve(given);
  const added = text(options['add']);
  if (added !== undefined) await add(history, resolve(added), options);
  const until = text(options['night']);
  const nights = upTo(await read(history), until);
  const night = nights.nights.at(-1)?.name;
  if (night === undefined)
    throw new UsageError(`no night in ${given}. Next: faultline matrix report ${given} --add <folder of a night>`);
  const shown = wholeNumber('nights', text(options['nights']) ?? String(NIGHTS_SHOWN), { min: 1, max: 365 });
  const report = nightReport(nights, { quarantine: await quarantine(history, night, options), shown });
  const out = resolve(text(options['out']) ?? join(RUNS, 'matrix', `report-${night}`));
  await write(report, out, added === undefined ? undefined : resolve(added));
  say(report, out, options);
  return exitOf(report.outcome);
}

/** What a night's folder holds becomes a file of the history. */
async function add(history: string, folder: string, options: Given): Promise<void> {
  const results = [...latest(await readResults(folder)).values()];
  if (results.length === 0)
    throw new UsageError(`--add ${folder}: no results there. Allowed: a folder of matrix run or merge`);
  const night = text(options['night']) ?? dayOf(results);
  await handIn(history, { night, results, shard: shardOf(text(options['shard'])) });
}

/** UTC, of the row that was begun first. */
const dayOf = (results: readonly Result[]): string =>
  new Date(Math.min(...results.map(({ started }) => started))).toISOString().slice(0, 10);

function shardOf(given = '1/1'): Shard {
  const [, index, of] = /^(\d{1,2})\/(\d{1,2})$/.exec(given) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (!(shard.index >= 1 && shard.index <= shard.of))
    throw new UsageError(`--shard "${given}" is not allowed. Allowed: i/n, e.g. 2/4`);
  return shard;
}

function read(history: string): Promise<Nights> {
  if (!existsSync(history))
    throw new UsageError(`${history} does not exist. Next: the same with --add <folder of a night>, which makes it`);
  return readNights(history);
}

/** The history as it was on the evening of that night. */
function upTo({ nights, unreadable }: Nights, until: string | undefined): Nights {
  if (until === undefined) return { nights, unreadable };
  const last = nights.findIndex(({ name }) => name === until);
  if (last < 0) {
    const known = nights.slice(-5).map(({ name }) => name);
    throw new UsageError(`--night ${until}: there is none. The last ones are ${known.join(', ') || 'none'}`);
  }
  return { nights: nights.slice(0, last + 1), unreadable };
}

/** @throws UsageError naming the entry and what is allowed. */
async function quarantine(history: string, night: string, options: Given): Promise<readonly QuarantineEntry[]> {
  const named = text(options['quarantine']);
  const file = named === undefined ? join(history, 'quarantine.json') : resolve(named);
  if (named === undefined && !existsSync(file)) return [];
  try {
    return parseQuarantine(await readFile(file, 'utf8'), relative(process.cwd(), file), night);
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

async function write(report: NightReport, out: string, runs: string | undefined): Promise<void> {
  await mkdir(out, { recursive: true });
  await writeFile(join(out, 'night.json'), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(join(out, 'summary.md'), renderNightSummary(report));
  await writeFile(join(out, 'junit.xml'), renderNightJunit(report));
  await writeFile(join(out, 'night.html'), renderNightHtml(report, { links: linksOf(report, out, runs) }));
}

/** Only of runs that lie there: a page does not lead nowhere. */
function linksOf({ rows }: NightReport, out: string, runs: string | undefined): ReadonlyMap<string, string> {
  if (runs === undefined) return new Map();
  const folders = rows.flatMap((row) => row.runs.flatMap(({ folder }) => folder ?? []));
  return new Map(
    folders.flatMap((folder) => {
      const page = join(runs, folder, 'report.html');
      return existsSync(page) ? [[folder, relative(out, page)] as const] : [];
    }),
  );
}

function say(report: NightReport, out: string, options: Given): void {
  const page = join(out, 'night.html');
  if (options['json']) return console.log(JSON.stringify({ page, ...report }));
  const { night, outcome, alarms, doubts } = report;
  console.log(`${night}  ${outcome}: ${nightHeadline(report)}`);
  for (const reason of [...alarms, ...doubts]) console.log(`  ${reason}`);
  console.log(`\nreport  ${pathToFileURL(page).href}`);
}
