/** Where results and the page are kept, under docs/. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseKept, type Kept } from './kept.ts';
import { labFile, parseLab, type LabResult } from './lab/result.ts';
import { TOPICS } from './ledger/index.ts';
import { claimsPage, fileOf } from './page.ts';
import { mergeRuns, type RunTime } from './run-time.ts';
import { mergeResults, parseResults, writtenResults, type Result } from './result.ts';

const folderOf = (docs: string): string => join(docs, 'evidence/claims');

/** What runs wrote so far. @throws ResultError naming the line that is none */
export async function readResults(docs: string): Promise<readonly Result[]> {
  const folder = folderOf(docs);
  const files = await readdir(folder).catch(() => []);
  const lines = files
    .filter((name) => name.endsWith('.jsonl'))
    .toSorted()
    .map(async (name) => parseResults(await readFile(join(folder, name), 'utf8'), name));
  return (await Promise.all(lines)).flat();
}

/** Writes the results to the files of their set-ups, in the place of those that they repeat, and the page anew. */
export async function keepResults(docs: string, fresh: readonly Result[]): Promise<void> {
  await mkdir(folderOf(docs), { recursive: true });
  const byFile = Map.groupBy(fresh, ({ setUp, release }) =>
    setUp === 'measured' ? 'measured.jsonl' : fileOf(setUp, release),
  );
  for (const [name, results] of byFile) {
    const path = join(folderOf(docs), name);
    const old = parseResults(await readFile(path, 'utf8').catch(() => ''), name);
    await writeFile(path, writtenResults(mergeResults(old, results)));
  }
  await writePage(docs);
}

/** Labs that were done, by their number of nodes and their release. */
export async function readLabs(docs: string): Promise<readonly LabResult[]> {
  const names = (await readdir(folderOf(docs)).catch(() => [])).filter((name) => /^lab-.*\.json$/.test(name));
  const texts = names
    .toSorted()
    .map(async (name) => parseLab(await readFile(join(folderOf(docs), name), 'utf8'), name));
  return await Promise.all(texts);
}

export async function keepLab(docs: string, result: LabResult): Promise<void> {
  await mkdir(folderOf(docs), { recursive: true });
  await writeFile(join(folderOf(docs), labFile(result)), `${JSON.stringify(result, null, 2)}\n`);
  await writePage(docs);
}

const RUNS = 'runs.json';

export async function readRuns(docs: string): Promise<readonly RunTime[]> {
  const text = await readFile(join(folderOf(docs), RUNS), 'utf8').catch(() => '[]');
  return JSON.parse(text) as readonly RunTime[];
}

export async function keepRun(docs: string, fresh: RunTime): Promise<void> {
  const runs = mergeRuns(await readRuns(docs), fresh);
  await writeFile(join(folderOf(docs), RUNS), `${JSON.stringify(runs, null, 2)}\n`);
  await writePage(docs);
}

/** The page as it is to be now. */
export async function pageOf(docs: string): Promise<string> {
  return claimsPage(TOPICS, await readResults(docs), { labs: await readLabs(docs), runs: await readRuns(docs) });
}

export async function writePage(docs: string): Promise<void> {
  await writeFile(join(docs, 'claims.md'), await pageOf(docs));
}

/** The verdicts of runs that were kept. A folder of a comparison has none. */
export async function readKept(docs: string): Promise<readonly Kept[]> {
  const folders = await readdir(join(docs, 'evidence'), { withFileTypes: true });
  const found = await Promise.all(
    folders.map(async ({ name }) => {
      const text = await readFile(join(docs, 'evidence', name, 'verdict.json'), 'utf8').catch(() => undefined);
      return text === undefined ? [] : [{ folder: name, verdict: parseKept(text, `${name}/verdict.json`) }];
    }),
  );
  return found.flat().toSorted((a, b) => (a.folder < b.folder ? -1 : 1));
}
