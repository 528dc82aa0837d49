/** A cell that was skipped leaves a note where its run would lie: a table of runs says why one is missing. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@faultline/history';
import { cellName, type ScenarioCell } from '@faultline/scenario/plan';
import { SkippedError } from './exit.ts';
import { timeName } from './folder.ts';
import { RUNS } from './workspace.ts';

/** What skip.json holds: as the checker's SkippedRun. */
export const SKIP_FILE = 'skip.json';

/** Passes the check on, and notes why where it skips the cell. @throws whatever the check throws. */
export async function notingSkip(
  scenario: string,
  cell: ScenarioCell,
  check: Promise<void>,
  runs: string = RUNS,
): Promise<void> {
  try {
    await check;
  } catch (error) {
    if (error instanceof SkippedError) await noteSkip(scenario, cell, error.message, runs);
    throw error;
  }
}

async function noteSkip(scenario: string, cell: ScenarioCell, reason: string, runs: string): Promise<void> {
  const folder = join(runs, scenario, cellName(cell), timeName(systemClock.wall()));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, SKIP_FILE), `${JSON.stringify({ scenario, cell, reason }, null, 2)}\n`);
}
