import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Engine } from '@faultline/control';
import { expect, test } from 'vitest';
import { airgapArchive, contentHash } from './airgap.ts';

const { signal } = new AbortController();
const ids = new Map([
  ['rancher/a:1', 'sha256:a'],
  ['rancher/b:1', 'sha256:b'],
]);

/** An engine whose archives hold the names asked for, or that fails after some bytes. */
function fakeEngine({ fails, bound = [] }: { fails?: Error; bound?: readonly string[] } = {}): {
  engine: Engine;
  saved: string[][];
} {
  const saved: string[][] = [];
  const fake = {
    getImages: ({ names }: { names: string[] }) => {
      saved.push(names);
      return Promise.resolve(
        Readable.from(
          (function* () {
            yield Buffer.from(names.join());
            if (fails) throw fails;
          })(),
        ),
      );
    },
    listContainers: () => Promise.resolve([{ Mounts: bound.map((Source) => ({ Source })) }]),
  };
  return { engine: fake as unknown as Engine, saved };
}

async function inFolder(act: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-airgap-'));
  try {
    await act(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('the content decides, not the order', () => {
  expect(contentHash(new Map([...ids].toReversed()))).toBe(contentHash(ids));
  expect(contentHash(new Map([...ids, ['rancher/b:1', 'sha256:other']]))).not.toBe(contentHash(ids));
});

test('two clusters that one process boots at once may want the same archive', () =>
  inFolder(async (folder) => {
    const { engine } = fakeEngine();
    const both = await Promise.all([1, 2].map(() => airgapArchive(engine, ids, { signal, folder })));
    expect(both[0]).toEqual(both[1]);
    expect(await readdir(folder)).toEqual([`${contentHash(ids)}.tar`]);
  }));

test('an archive is made once', () =>
  inFolder(async (folder) => {
    const { engine, saved } = fakeEngine();
    const archive = await airgapArchive(engine, ids, { signal, folder });
    expect(await readFile(archive.path, 'utf8')).toBe('rancher/a:1,rancher/b:1');
    expect(archive.bytes).toBe(23);
    expect(await airgapArchive(engine, ids, { signal, folder })).toEqual(archive);
    expect(saved).toHaveLength(1);
  }));

test('an engine that fails midway leaves nothing behind', () =>
  inFolder(async (folder) => {
    const { engine } = fakeEngine({ fails: new Error('connection reset') });
    await expect(airgapArchive(engine, ids, { signal, folder })).rejects.toThrow('connection reset');
    expect(await readdir(folder)).toEqual([]);
  }));

test('what a killed process had begun is removed, and what a living one writes is not', () =>
  inFolder(async (folder) => {
    const { pid } = spawnSync('true');
    await writeFile(join(folder, `dead.tar.${pid}.partial`), 'x');
    await writeFile(join(folder, `alive.tar.${process.pid}.partial`), 'x');
    await airgapArchive(fakeEngine().engine, ids, { signal, folder });
    expect((await readdir(folder)).toSorted()).toEqual(
      [`${contentHash(ids)}.tar`, `alive.tar.${process.pid}.partial`].toSorted(),
    );
  }));

test('a full disk is one clear sentence', () =>
  inFolder(async (folder) => {
    const { engine } = fakeEngine({ fails: Object.assign(new Error('write'), { code: 'ENOSPC' }) });
    await expect(airgapArchive(engine, ids, { signal, folder })).rejects.toThrow(/the disk is full: .*\nNext: /);
  }));

test('above the limit the oldest goes, but none that a node is bound to, and never the one just asked for', () =>
  inFolder(async (folder) => {
    for (const [index, name] of ['bound', 'old', 'young'].entries()) {
      await writeFile(join(folder, `${name}.tar`), 'x'.repeat(10));
      await utimes(join(folder, `${name}.tar`), 1000 + index, 1000 + index);
    }
    const { engine } = fakeEngine({ bound: [join(folder, 'bound.tar')] });
    await airgapArchive(engine, ids, { signal, folder, keptBytes: 43 });
    expect((await readdir(folder)).toSorted()).toEqual(
      [`${contentHash(ids)}.tar`, 'bound.tar', 'young.tar'].toSorted(),
    );
  }));
