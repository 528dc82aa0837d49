/** Where the track record is kept: results are only ever added. */
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Incident } from './incident.ts';
import { RESULTS_PATH, trackRecordPage } from './page.ts';
import { parseTrackResults, writtenTrackResults, type TrackResult } from './result.ts';

/** @param root of the repository. @throws TrackRecordError naming the line that is none */
export async function readTrackResults(root: string): Promise<readonly TrackResult[]> {
  const text = await readFile(join(root, RESULTS_PATH), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return parseTrackResults(text, RESULTS_PATH);
}

/** Adds what was seen; one that is there already, by its run, is not added again. @returns those that were new */
export async function addTrackResults(root: string, fresh: readonly TrackResult[]): Promise<readonly TrackResult[]> {
  const keyOf = ({ incident, side, run }: TrackResult) => `${incident} ${side} ${run}`;
  const known = new Set((await readTrackResults(root)).map(keyOf));
  const added = fresh.filter((one) => !known.has(keyOf(one)));
  const file = join(root, RESULTS_PATH);
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, writtenTrackResults(added));
  return added;
}

export async function writeTrackRecord(root: string, incidents: readonly Incident[]): Promise<void> {
  await writeFile(join(root, 'docs/track-record.md'), trackRecordPage(incidents, await readTrackResults(root)));
}
