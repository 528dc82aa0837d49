/** What a comparison of backends keeps: who took part, each turn as it was taken, and the pages made of them. */
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  compareBackends,
  parseTurns,
  type BackendComparison,
  type BackendIdentity,
  type Turn,
} from '@faultline/checker';
import { renderBackendsHtml, renderBackendsSummary } from '@faultline/report';
import { UsageError } from './exit.ts';

const filesIn = (folder: string): { readonly identity: string; readonly turns: string } => ({
  identity: join(folder, 'identity.json'),
  turns: join(folder, 'turns.ndjson'),
});

/** Before the first turn: what is measured afterwards can always be read. */
export async function openBench(folder: string, identity: BackendIdentity): Promise<void> {
  await mkdir(folder, { recursive: true });
  const files = filesIn(folder);
  await writeFile(files.identity, `${JSON.stringify(identity, null, 2)}\n`);
  await writeFile(files.turns, '', { flag: 'wx' });
}

export const isOpened = (folder: string): boolean => existsSync(filesIn(folder).identity);

/** Written as they come: an interruption loses none that was taken. */
export async function keepTurns(folder: string, turns: readonly Turn[]): Promise<void> {
  await appendFile(filesIn(folder).turns, turns.map((turn) => `${JSON.stringify(turn)}\n`).join(''));
}

/** Compares what the folder holds, and writes all pages anew. @throws UsageError where it holds no comparison. */
export async function writeBench(folder: string): Promise<BackendComparison> {
  const files = filesIn(folder);
  const told = await Promise.all([readFile(files.identity, 'utf8'), readFile(files.turns, 'utf8')]).catch(() => null);
  if (!told) {
    const allowed = 'a folder that `faultline compare-backends` wrote';
    throw new UsageError(`${folder} holds no identity.json and turns.ndjson. Allowed: ${allowed}`);
  }
  const [identity, turns] = told;
  const read = parseTurns({ identity, turns }, folder);
  const comparison = compareBackends(read.turns, read.identity);
  await writeFile(join(folder, 'comparison.json'), `${JSON.stringify(comparison, null, 2)}\n`);
  await writeFile(join(folder, 'summary.md'), renderBackendsSummary(comparison));
  await writeFile(join(folder, 'comparison.html'), renderBackendsHtml(comparison));
  return comparison;
}
