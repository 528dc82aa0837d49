/**
 * A night's folder: plan.json, shard.json, results.ndjson (a line for each row that is done with), journal.ndjson (which row was begun,
 * and by whom), rows/ (a run each). What is appended is on the disk before anything else happens, so a night that was
 * killed knows what it has.
 */
import { existsSync } from 'node:fs';
import { appendFile, mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Owner } from '@faultline/control';
import { NIGHT_VERSION, type NightPlan } from './plan-night.ts';
import { parseResult, resultLine, type Result } from './result.ts';
import { WHOLE, type Shard } from './share.ts';

export class NightFolderError extends Error {
  override readonly name = 'NightFolderError';
}

export interface Begun {
  readonly row: string;
  /** The process that runs it. */
  readonly owner: Owner;
}

const fileIn = (folder: string, name: 'plan.json' | 'shard.json' | 'results.ndjson' | 'journal.ndjson'): string =>
  join(folder, name);

/** @throws NightFolderError where there is a night already. */
export async function createNight(folder: string, plan: NightPlan, shard: Shard = WHOLE): Promise<void> {
  await mkdir(folder, { recursive: true });
  if (existsSync(fileIn(folder, 'plan.json')))
    throw new NightFolderError(`${folder} holds a night already. Next: --resume ${folder}, or another --out`);
  await writeFile(fileIn(folder, 'plan.json'), `${JSON.stringify(plan, null, 2)}\n`);
  await writeFile(fileIn(folder, 'shard.json'), `${JSON.stringify(shard)}\n`);
  await writeFile(fileIn(folder, 'results.ndjson'), '');
}

/** Which part of the night the folder holds: resumed, it is the same. */
export async function readShard(folder: string): Promise<Shard> {
  const text = await textOf(fileIn(folder, 'shard.json'));
  return text === undefined ? WHOLE : (JSON.parse(text) as Shard);
}

/** @throws NightFolderError where it is no night's, or of another version. */
export async function readNightPlan(folder: string): Promise<NightPlan> {
  return parseNightPlan(await textOf(fileIn(folder, 'plan.json')), folder);
}

/** @param from where it was read, for the error. */
export function parseNightPlan(text: string | undefined, from: string): NightPlan {
  if (text === undefined)
    throw new NightFolderError(`${from} holds no plan.json. Allowed: a folder that \`faultline matrix run\` wrote`);
  const plan = JSON.parse(text) as NightPlan;
  if (plan.version !== NIGHT_VERSION)
    throw new NightFolderError(`${from}: a night of version ${plan.version}. Allowed: ${NIGHT_VERSION}`);
  return plan;
}

/** Every line, in the order in which it was written. A last line that was cut off is dropped: its row is run again. */
export async function readResults(folder: string): Promise<readonly Result[]> {
  const file = fileIn(folder, 'results.ndjson');
  return whole(await textOf(file)).map((line, index) => {
    try {
      return parseResult(line);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new NightFolderError(`${file}:${index + 1}: ${why}`, { cause });
    }
  });
}

/** What holds of each row: its last line. */
export const latest = (results: readonly Result[]): ReadonlyMap<string, Result> =>
  new Map(results.map((result) => [result.row, result]));

/** What was left for want of time is not done with. */
export const isFinished = ({ skip }: Result): boolean => skip?.because !== 'budget';

export const keepResult = (folder: string, result: Result): Promise<void> =>
  append(fileIn(folder, 'results.ndjson'), resultLine(result));

export const keepBegun = (folder: string, begun: Begun): Promise<void> =>
  append(fileIn(folder, 'journal.ndjson'), JSON.stringify(begun));

export async function readBegun(folder: string): Promise<readonly Begun[]> {
  return whole(await textOf(fileIn(folder, 'journal.ndjson'))).map((line) => JSON.parse(line) as Begun);
}

async function append(file: string, line: string): Promise<void> {
  // What a power cut left of a line would swallow this one.
  if ((await textOf(file))?.match(/[^\n]$/)) await appendFile(file, '\n');
  const handle = await open(file, 'a');
  try {
    await handle.appendFile(`${line}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Lines that were written to their end; what is cut off is no JSON. */
function whole(text: string | undefined): readonly string[] {
  return (text ?? '').split('\n').filter((line) => line.endsWith('}') && isJson(line));
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

const textOf = (file: string): Promise<string | undefined> => readFile(file, 'utf8').catch(() => undefined);
