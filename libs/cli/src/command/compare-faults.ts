/** `faultline compare-faults <folders...>`: every fault with every backend, one table, from runs that there are. Needs no cluster. */
import { existsSync } from 'node:fs';
import { glob, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import {
  faultTable,
  parseVerdict,
  VERDICT_VERSION,
  type Expectation,
  type FaultTable,
  type JudgedRun,
  type SkippedRun,
  type Verdict,
} from '@faultline/checker';
import { systemClock, type EventOf } from '@faultline/history';
import { readResults } from '@faultline/matrix';
import { faultTableHeadline, renderFaultTableHtml, renderFaultTableSummary } from '@faultline/report';
import { oneOf } from '../allowed.ts';
import { UsageError } from '../exit.ts';
import { timeName } from '../folder.ts';
import { judgeFolder } from '../judge.ts';
import { text, type Given } from '../options.ts';
import { SKIP_FILE } from '../skip.ts';
import { RUNS } from '../workspace.ts';

export async function execute(folders: readonly string[], options: Given): Promise<number> {
  const out = resolve(text(options['out']) ?? join(RUNS, 'compare-faults', timeName(systemClock.wall())));
  const asked = text(options['substrate']);
  const only = asked === undefined ? undefined : oneOf('substrate', asked, ['k3s', 'bare']);
  const given = folders.map((folder) => resolve(folder));
  const [verdicts, skips, nights] = await Promise.all([
    allBelow(given, 'verdict.json'),
    allBelow(given, SKIP_FILE),
    allBelow(given, 'results.ndjson'),
  ]);
  if (verdicts.length + skips.length + nights.length === 0) {
    throw new UsageError(
      `no run lies in ${folders.join(', ')}. Allowed: folders of runs, or folders that hold some, e.g. runs/block-vxlan`,
    );
  }
  const [runs, skipped] = await Promise.all([
    Promise.all(verdicts.map((file) => readRun(dirname(file), out))),
    Promise.all([...skips.map(readSkip), ...nights.map((file) => skippedInNight(dirname(file)))]),
  ]);
  const isWanted = (substrate: string | undefined): boolean => only === undefined || substrate === only;
  const faults = faultTable(
    runs.filter(({ verdict }) => isWanted(verdict.substrate)),
    skipped.flat().filter(({ cell }) => isWanted(cell['substrate'])),
  );
  await write(faults, out);
  if (options['json']) console.log(JSON.stringify({ folder: out, ...faults }, null, 2));
  else console.log(`${faultTableHeadline(faults)}\n\nreport  ${relative(process.cwd(), join(out, 'faults.html'))}`);
  return 0;
}

/** In order of their paths, which is that of their times; a folder that was given twice is there once. */
async function allBelow(folders: readonly string[], file: string): Promise<readonly string[]> {
  const found = await Promise.all(
    folders.map((cwd) => Array.fromAsync(glob(`**/${file}`, { cwd }), (path) => join(cwd, path))),
  );
  return [...new Set(found.flat())].toSorted();
}

async function readSkip(file: string): Promise<readonly SkippedRun[]> {
  return [JSON.parse(await readFile(file, 'utf8')) as SkippedRun];
}

/** A night says in its results which rows it could not have; of their factors, those that a run's own cell has. */
async function skippedInNight(folder: string): Promise<readonly SkippedRun[]> {
  const results = await readResults(folder);
  return results.flatMap(({ scenario, cell, skip, reason }) => {
    if (skip?.because !== 'capability') return [];
    const { scenario: _, k3s: __, topology: ___, ipFamily: ____, ...own } = cell;
    return [{ scenario, cell: own, reason }];
  });
}

async function readRun(folder: string, out: string): Promise<JudgedRun> {
  const [verdict, plan, sweep] = await Promise.all([
    verdictIn(folder),
    readFile(join(folder, 'plan.json'), 'utf8').catch(() => '{}'),
    sweepIn(join(folder, 'history.ndjson')),
  ]);
  const { expectations = [] } = JSON.parse(plan) as { readonly expectations?: readonly Expectation[] };
  return {
    verdict,
    expectations,
    sweep,
    folder: relative(out, folder),
  };
}

/** A verdict of an earlier version is given again, by today's checks, where its history is still there. */
async function verdictIn(folder: string): Promise<Verdict> {
  const file = join(folder, 'verdict.json');
  const json = await readFile(file, 'utf8');
  const { version } = JSON.parse(json) as { readonly version?: number };
  const isOld = version !== VERDICT_VERSION && existsSync(join(folder, 'history.ndjson'));
  return isOld ? (await judgeFolder(folder)).verdict : parseVerdict(json, file);
}

/** Only its few lines are read as JSON: a history has thousands of samples. Evidence is kept without one. */
async function sweepIn(history: string): Promise<JudgedRun['sweep']> {
  if (!existsSync(history)) return undefined;
  const lines = (await readFile(history, 'utf8')).split('\n').filter((line) => line.includes('"type":"sweep"'));
  const sweeps = lines.map((line) => JSON.parse(line) as EventOf<'sweep'>);
  // Of several faults the last: then all are in force that are to be.
  return sweeps.findLast(({ when }) => when === 'during')?.cells;
}

async function write(faults: FaultTable, out: string): Promise<void> {
  await mkdir(out, { recursive: true });
  await writeFile(join(out, 'faults.json'), `${JSON.stringify(faults, null, 2)}\n`);
  await writeFile(join(out, 'summary.md'), renderFaultTableSummary(faults));
  await writeFile(join(out, 'faults.html'), renderFaultTableHtml(faults));
}
