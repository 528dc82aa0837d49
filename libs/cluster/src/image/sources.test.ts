import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSources } from './sources.ts';

test('sources are every file of the folder and below, but no tests', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-sources-'));
  try {
    await mkdir(join(folder, 'pages'));
    await writeFile(join(folder, 'main.ts'), 'serve()');
    await writeFile(join(folder, 'main.test.ts'), 'test()');
    await writeFile(join(folder, 'pages', 'users.ts'), 'users()');
    expect(await readSources(folder)).toEqual({ 'main.ts': 'serve()', 'pages/users.ts': 'users()' });
  } finally {
    await rm(folder, { recursive: true });
  }
});
