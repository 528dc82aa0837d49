/**
 * An archive from somebody else, read into memory: nothing is ever written to the disk by its names, and it can be neither
 * large nor many, whatever its header says.
 */
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import type { Files } from '../bundle/files.ts';
import { BundleError } from '../bundle/refused.ts';

/** Bytes; `files` is how many. A bundle of a hundred objects takes some 200 KB. */
export interface Bounds {
  readonly files: number;
  readonly file: number;
  /** Unpacked, and packed. */
  readonly all: number;
}

export const BOUNDS: Bounds = { files: 5_000, file: 4_194_304, all: 33_554_432 };

export interface UnpackOptions {
  readonly signal: AbortSignal;
  readonly bounds?: Bounds;
  /** What is done with links and devices: in a bundle there are none, in somebody's support files nobody follows them. */
  readonly others?: 'refuse' | 'skip';
}

/** @throws BundleError saying what is wrong with the archive, and where. */
export async function unpack(
  path: string,
  { signal, bounds = BOUNDS, others = 'refuse' }: UnpackOptions,
): Promise<Files> {
  try {
    return await filesIn(await unzipped(await content(path, bounds, signal), bounds), bounds, others);
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    const next =
      error instanceof BundleError ? '' : '. Allowed: a bundle, as faultline capture or a failed run writes it';
    throw new BundleError(`${path}: ${reason}${next}`);
  }
}

async function content(path: string, { all }: Bounds, signal: AbortSignal): Promise<Buffer> {
  await using file = await open(path);
  const { size } = await file.stat();
  if (size > all) throw new BundleError(`${size} bytes. Allowed: ${all}`);
  return await file.readFile({ signal });
}

/** What is not gzip is a tar as it is. A bomb is given up when it is too large, and not unpacked to its end. */
async function unzipped(bytes: Buffer, { all }: Bounds): Promise<Buffer> {
  if (!(bytes[0] === 0x1f && bytes[1] === 0x8b)) return bytes;
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: all });
  } catch (error) {
    const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    throw isTooLarge ? new BundleError(`more than ${all} bytes when unpacked`) : error;
  }
}

async function filesIn(archive: Buffer, bounds: Bounds, others: 'refuse' | 'skip'): Promise<Files> {
  const files = new Map<string, string>();
  const entries = extract();
  entries.end(archive);
  let count = 0;
  for await (const entry of entries) {
    if (++count > bounds.files) throw new BundleError(`more than ${bounds.files} files`);
    const { name, type } = entry.header;
    if (others === 'refuse' || type === 'file') check(entry.header, files, bounds);
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    if (type === 'file') files.set(name, Buffer.concat(chunks).toString('utf8'));
  }
  return files;
}

function check({ name, type, size }: Header, files: Files, bounds: Bounds): void {
  const shown = JSON.stringify(name.slice(0, 200));
  if (type !== 'file' && type !== 'directory')
    throw new BundleError(`${shown} is a ${type}. Allowed in a bundle: files`);
  if (isOutside(name)) throw new BundleError(`${shown} leads out of the archive. Allowed: paths like objects/web.yaml`);
  if (size > bounds.file) throw new BundleError(`${shown} has ${size} bytes. Allowed: ${bounds.file}`);
  if (files.has(name)) throw new BundleError(`${shown} is in it twice`);
}

function isOutside(name: string): boolean {
  return name.startsWith('/') || /[\\\0]/.test(name) || /^[A-Za-z]:/.test(name) || name.split('/').includes('..');
}
