/** Files as a tar.gz: the same files give the same bytes, whoever packs them and when. */
import { open } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack as tar } from 'tar-stream';
import type { Files } from '../bundle/files.ts';

const EPOCH = new Date(0);

export async function packed(files: Files): Promise<Buffer> {
  const archive = tar();
  const whole = buffer(archive);
  for (const [name, content] of files) archive.entry({ name, mode: 0o644, mtime: EPOCH }, content);
  archive.finalize();
  return gzipSync(await whole);
}

/** Readable by whoever made it alone: what was captured of a cluster is theirs to hand on. @throws where it is there already. */
export async function writeArchive(path: string, bytes: Buffer): Promise<void> {
  await using file = await open(path, 'wx', 0o600);
  await file.writeFile(bytes);
  await file.sync();
}
