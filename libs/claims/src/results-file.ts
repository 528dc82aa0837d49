/** Where results and the page are kept, under docs/. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseKept, type Kept } from './kept.ts';
import { TOPICS } from './ledger/index.ts';
import { claimsPage, fileOf } from './page.ts';
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

export async function writePage(docs: string): Promise<void> {
  await writeFile(join(docs, 'claims.md'), claimsPage(TOPICS, await readResults(docs)));
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
