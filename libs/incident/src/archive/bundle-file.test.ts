import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { exampleBundle } from '../bundle/example.ts';
import { filesOf } from '../bundle/files.ts';
import { readBundle, writeBundle } from './bundle-file.ts';
import { packed } from './pack.ts';
import { unpack } from './unpack.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundle-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

/** An archive as nobody of ours would write it. */
async function hostile(entries: readonly (Partial<Header> & { name: string; body?: string })[]): Promise<string> {
  const path = join(folder, 'hostile.tgz');
  const archive = pack();
  for (const { body, ...header } of entries) archive.entry(header, body ?? '');
  archive.finalize();
  await pipeline(archive as unknown as NodeJS.ReadableStream, createGzip(), createWriteStream(path));
  return path;
}

test('what was written is read back as it was', async ({ signal }) => {
  const path = join(folder, 'bundle.tgz');
  await writeBundle(path, exampleBundle());
  expect(await readBundle(path, { signal })).toEqual(exampleBundle());
});

test('the same bundle is the same bytes', async () => {
  expect(await packed(filesOf(exampleBundle()))).toEqual(await packed(filesOf(exampleBundle())));
});

test.for([
  ['../bundle.json', 'leads out'],
  ['objects/../../x', 'leads out'],
  ['/etc/passwd', 'leads out'],
  ['C:/x', 'leads out'],
  [String.raw`objects\..\x`, 'leads out'],
])('a path that leads out of the archive is refused: %s', async ([name, why], { signal }) => {
  await expect(readBundle(await hostile([{ name: name ?? '', body: '{}' }]), { signal })).rejects.toThrow(why);
});

test.for(['symlink', 'link', 'character-device', 'fifo'] as const)('a %s is refused', async (type, { signal }) => {
  const path = await hostile([{ name: 'bundle.json', type, linkname: '/etc/passwd' }]);
  await expect(readBundle(path, { signal })).rejects.toThrow(`"bundle.json" is a ${type}`);
});

test('a bomb is given up when it is larger than allowed, not unpacked', async ({ signal }) => {
  const path = join(folder, 'bomb.tgz');
  await writeFile(path, gzipSync(Buffer.alloc(40_000_000)));
  await expect(unpack(path, { signal })).rejects.toThrow('more than 33554432 bytes');
});

test('one large file and too many files are refused', async ({ signal }) => {
  const bounds = { files: 2, file: 10, all: 1_000_000 };
  const large = await hostile([{ name: 'a', body: 'x'.repeat(11) }]);
  await expect(unpack(large, { signal, bounds })).rejects.toThrow('"a" has 11 bytes');
  const many = await hostile(['a', 'b', 'c'].map((name) => ({ name })));
  await expect(unpack(many, { signal, bounds })).rejects.toThrow('more than 2 files');
});

test('a name that is there twice is refused: which of both would it be?', async ({ signal }) => {
  const path = await hostile(['a', 'a'].map((name) => ({ name })));
  await expect(unpack(path, { signal })).rejects.toThrow('"a" is in it twice');
});

test.for([
  ['no gzip', Buffer.from('hello')],
  ['cut off', gzipSync(Buffer.alloc(1024)).subarray(0, 12)],
] as const)('what is no archive is refused, and says what would be one: %s', async ([, bytes], { signal }) => {
  const path = join(folder, 'x.tgz');
  await writeFile(path, bytes);
  await expect(readBundle(path, { signal })).rejects.toThrow('Allowed: a bundle');
});

test('a file that is not there is refused by its name', async ({ signal }) => {
  await expect(readBundle(join(folder, 'none.tgz'), { signal })).rejects.toThrow('none.tgz');
});

test('what looks like a secret is never written', async ({ signal }) => {
  const path = join(folder, 'bundle.tgz');
  const bundle = exampleBundle();
  const leaking = { ...bundle, about: { ...bundle.about, notes: ['reachable as https://admin:hunter2@shop.test'] } };
  await expect(writeBundle(path, leaking)).rejects.toThrow('bundle.json:');
  await expect(readBundle(path, { signal })).rejects.toThrow('ENOENT');
});
