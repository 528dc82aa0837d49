import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base } from 'vitest';
import { wrapper } from './runc.ts';

/** The wrapper, and in place of runc a program that prints its arguments. */
const test = base.extend<{ folder: string }>({
  // oxlint-disable-next-line no-empty-pattern -- vitest reads what a fixture needs from this pattern
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'faultline-runc-'));
    await writeFile(join(folder, 'wrapper'), wrapper, { mode: 0o755 });
    await writeFile(join(folder, 'runc'), '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o755 });
    await use(folder);
    await rm(folder, { recursive: true });
  },
});

const run = (folder: string, ...args: string[]): string =>
  execFileSync(join(folder, 'wrapper'), args, { encoding: 'utf8', env: { PATH: `${folder}:/usr/bin:/bin` } });

const spec = (capabilities: string): string =>
  `{"process":{"args":["sh"],"capabilities":{"bounding":${capabilities}}}}`;

test.for([
  ['["CAP_CHOWN","CAP_SYS_RESOURCE","CAP_KILL"]', '["CAP_CHOWN","CAP_KILL"]'],
  ['["CAP_SYS_RESOURCE","CAP_KILL"]', '["CAP_KILL"]'],
  ['["CAP_KILL","CAP_SYS_RESOURCE"]', '["CAP_KILL"]'],
  ['["CAP_SYS_RESOURCE"]', '[]'],
  ['["CAP_KILL"]', '["CAP_KILL"]'],
] as const)('a new container is asked for %s and gets %s', async ([asked, given], { folder }) => {
  await writeFile(join(folder, 'config.json'), spec(asked));
  run(folder, 'create', '--bundle', folder, 'id');
  expect(await readFile(join(folder, 'config.json'), 'utf8')).toBe(spec(given));
});

test('a process in a running container loses it too', async ({ folder }) => {
  const file = join(folder, 'process');
  await writeFile(file, spec('["CAP_KILL","CAP_SYS_RESOURCE"]'));
  run(folder, 'exec', '--process', file, 'id');
  expect(await readFile(file, 'utf8')).toBe(spec('["CAP_KILL"]'));
});

test('runc gets every argument as it was', ({ folder }) => {
  expect(run(folder, '--root', '/a b', 'kill', 'id', '9')).toBe('--root\n/a b\nkill\nid\n9\n');
});
