/** The shards of one night become one night: as if one machine had run it all, but for times and machines. */
import { cp } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  createNight,
  isFinished,
  keepResult,
  latest,
  NightFolderError,
  readNightPlan,
  readResults,
} from './night-folder.ts';
import type { NightPlan } from './plan-night.ts';
import type { Result } from './result.ts';

/**
 * Writes the night into a new folder: results in the order of the plan, and their runs.
 * @throws NightFolderError where the folders are of different nights, or a row was run twice.
 */
export async function mergeNights(folders: readonly string[], out: string): Promise<void> {
  const [first] = folders;
  if (first === undefined) throw new NightFolderError('nothing to merge. Allowed: folders of `faultline matrix run`');
  const plan = await readNightPlan(first);
  for (const folder of folders) await checkSame(plan, folder, first);
  const shards = await Promise.all(
    folders.map(async (folder) =>
      [...latest(await readResults(folder)).values()].map((result) => ({ folder, result })),
    ),
  );
  const merged = inOrder(plan, shards.flat());
  await createNight(out, plan);
  for (const { folder, result } of merged) {
    const run = result.folder;
    if (run !== null && existsSync(join(folder, run))) await cp(join(folder, run), join(out, run), { recursive: true });
    await keepResult(out, result);
  }
}

async function checkSame(plan: NightPlan, folder: string, first: string): Promise<void> {
  if (isDeepStrictEqual(await readNightPlan(folder), plan)) return;
  throw new NightFolderError(`${folder} is of another night than ${first}. Allowed: shards with the same plan.json`);
}

interface Found {
  readonly folder: string;
  readonly result: Result;
}

/** One line for each row. What one shard left for want of time another may have run. */
export function inOrder(plan: NightPlan, found: readonly Found[]): readonly Found[] {
  const byRow = Map.groupBy(found, ({ result }) => result.row);
  return plan.rows.flatMap(({ id }) => {
    const lines = byRow.get(id) ?? [];
    const finished = lines.filter(({ result }) => isFinished(result));
    if (finished.length > 1) {
      const where = finished.map(({ folder }) => folder).join(' and ');
      throw new NightFolderError(`${id} was run twice, in ${where}. Allowed: each shard once`);
    }
    const line = finished[0] ?? lines[0];
    return line ? [line] : [];
  });
}
