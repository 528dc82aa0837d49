/**
 * The history of nights: a folder of JSON lines, in git or on any file store. One file for each night and shard, written
 * once and never changed, so that two machines' files never conflict when they are merged.
 *
 * `2026-11-21.2of4.ndjson` holds what shard 2 of 4 handed in for that night: lines of result.ts.
 */
import { constants, copyFile, link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { resultLine, type Result } from '../result.ts';
import { gatherNights, isNightName, type NightFile, type Nights } from './gather.ts';

export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** Something that cannot be handed in as it was asked for. */
export class NightHistoryError extends Error {
  override readonly name = 'NightHistoryError';
}

export const WHOLE: Shard = { index: 1, of: 1 };

/** All nights of a folder. @throws Error where the folder cannot be read; a file or line that cannot is named in the answer. */
export async function readNights(folder: string): Promise<Nights> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ndjson')).toSorted();
  const files: NightFile[] = [];
  for (const name of names) files.push({ name, text: await readFile(join(folder, name), 'utf8') });
  return gatherNights(files);
}

/**
 * Adds a night's shard to a history. It is there as a whole or not at all, also after a power cut; handed in twice, it is
 * there once.
 * @throws NightHistoryError where the night has other results of that shard: history is not rewritten.
 */
export async function handIn(
  folder: string,
  { night, shard = WHOLE, results }: { night: string; shard?: Shard; results: readonly Result[] },
): Promise<string> {
  if (!isNightName(night)) {
    throw new NightHistoryError(
      `night "${night}" is not allowed. Allowed: a date and what tells two nights of it apart, 2026-11-21-b`,
    );
  }
  const file = join(folder, `${night}.${shard.index}of${shard.of}.ndjson`);
  const text = results.map((result) => `${resultLine(result)}\n`).join('');
  await mkdir(folder, { recursive: true });
  const draft = `${file}.${process.pid}.draft`;
  await using _draft = { [Symbol.asyncDispose]: () => rm(draft, { force: true }) };
  await writeFile(draft, text, { flush: true });
  await publish(draft, file).catch(async (cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EEXIST' && (await readFile(file, 'utf8')) === text) return;
    if (cause.code !== 'EEXIST') throw cause;
    throw new NightHistoryError(
      `${file}: there already, with other results. History is not rewritten.\n` +
        `Next: hand it in as a night of its own, e.g. --night ${night}-b`,
      { cause },
    );
  });
  return file;
}

/** Unlike a rename, neither takes the place of what is there. Some file stores know no links. */
const publish = (draft: string, file: string): Promise<void> =>
  link(draft, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') throw error;
    return copyFile(draft, file, constants.COPYFILE_EXCL);
  });
