/** A run's folder: runs/<scenario>/<cell>/<time>/, and `runs/latest` beside. */
import { mkdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { upgradePlan, type RunPlan } from '@faultline/scenario/plan';
import { UsageError } from './exit.ts';
import { RUNS } from './workspace.ts';

/** Wall time as a folder's name, ISO 8601 but for colons and dots, which are no good in paths. */
export const timeName = (at: string): string => at.replaceAll(/[:.]/g, '-');

/** Makes the folder. @param at wall time, ISO 8601: colons and dots are no good in paths. */
export async function newRunFolder(scenario: string, cell: string, at: string): Promise<string> {
  const folder = join(RUNS, scenario, cell, timeName(at));
  await mkdir(folder, { recursive: true });
  const latest = join(RUNS, 'latest');
  await rm(latest, { force: true });
  await symlink(relative(dirname(latest), folder), latest);
  return folder;
}

/** The folder that the user means: a path, or `latest`. @throws UsageError when it holds no run. */
export async function runFolder(given: string): Promise<string> {
  const folder = given === 'latest' ? join(RUNS, 'latest') : resolve(given);
  const found = await stat(join(folder, 'history.ndjson')).catch(() => undefined);
  if (!found) throw new UsageError(`${folder} holds no history.ndjson. Allowed: the folder of a run, e.g. runs/latest`);
  return folder;
}

export async function readPlan(folder: string): Promise<RunPlan> {
  return upgradePlan(JSON.parse(await readFile(join(folder, 'plan.json'), 'utf8')) as { version: number });
}
