/** Reads the sources of an image: every file of a folder but its tests. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Sources } from './own.ts';

export async function readSources(folder: string): Promise<Sources> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
  const files = paths.map(async (path) => [relative(folder, path), await readFile(path, 'utf8')] as const);
  return Object.fromEntries(await Promise.all(files));
}
