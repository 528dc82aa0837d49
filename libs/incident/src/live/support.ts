/** Dumps of a cluster that does not live any more: what `kubectl get -o yaml` wrote, in files, a folder, or an archive of it. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { unpack, type Bounds } from '../archive/unpack.ts';
import { BundleError } from '../bundle/refused.ts';
import { isRaw, type RawObject } from '../collect/object.ts';
import { isTable } from '../collect/keep.ts';
import { ALWAYS_READ } from '../collect/theirs.ts';
import type { Read } from './read-cluster.ts';

const DUMP = /\.(?:ya?ml|json)$/i;
const ARCHIVE = /\.(?:tar|tgz|tar\.gz)$/i;
/** A support archive has logs too: they are unpacked and not looked at. */
const BOUNDS: Bounds = { files: 20_000, file: 67_108_864, all: 536_870_912 };

/**
 * @param path a file, a folder, or a tar or tar.gz of one.
 * @throws BundleError where there is none, or no object in it.
 */
export async function readSupport(path: string, namespaces: readonly string[], signal: AbortSignal): Promise<Read> {
  const notes: string[] = [];
  const objects: RawObject[] = [];
  for await (const { name, text } of textsOf(path, signal)) {
    const { found, problem } = objectsIn(text);
    objects.push(...found);
    if (problem !== undefined) notes.push(`a file of the support files could not be read: ${problem}`);
    if (found.length === 0 && problem === undefined && /\bkind\b/.test(text))
      notes.push(`no object in ${basename(name)}`);
  }
  if (objects.length === 0)
    throw new BundleError(
      `--support ${path}: no object in it. Allowed: files, or a folder or tar of files, as kubectl get -A -o yaml writes them`,
    );
  return { objects: distinct(objects).filter((raw) => isWanted(raw, namespaces)), notes };
}

interface Text {
  readonly name: string;
  readonly text: string;
}

async function* textsOf(path: string, signal: AbortSignal): AsyncGenerator<Text> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new BundleError(`--support ${path}: ${cause instanceof Error ? cause.message : String(cause)}`);
  });
  if (found.isDirectory()) {
    for (const file of await dumpsIn(path)) {
      signal.throwIfAborted();
      yield { name: file, text: await readFile(file, 'utf8') };
    }
  } else if (ARCHIVE.test(path)) {
    for (const [name, text] of await unpack(path, { signal, bounds: BOUNDS, others: 'skip' }))
      if (DUMP.test(name)) yield { name, text };
  } else yield { name: path, text: await readFile(path, 'utf8') };
}

/** No link is followed: it may lead to what nobody meant to hand in. */
async function dumpsIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && DUMP.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

function objectsIn(text: string): { found: readonly RawObject[]; problem?: string } {
  try {
    const found = parseAllDocuments(text, { logLevel: 'silent' }).flatMap((document) => {
      const [error] = document.errors;
      if (error) throw error;
      return flat(document.toJS());
    });
    return { found };
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    // The message may quote what stands there.
    return { found: [], problem: line.replaceAll(/["'`].*/g, '').slice(0, 80) };
  }
}

/** Lists in lists, of any kind: `List`, `ServiceList`. */
function flat(value: unknown): readonly RawObject[] {
  if (isTable(value) && Array.isArray(value['items'])) return value['items'].flatMap(flat);
  return isRaw(value) ? [value] : [];
}

/** The same object in two dumps is one: of the later file. */
function distinct(objects: readonly RawObject[]): readonly RawObject[] {
  const keyOf = ({ apiVersion, kind, metadata: { namespace, name } }: RawObject): string =>
    [apiVersion, kind, namespace, name].join(' ');
  return [...new Map(objects.map((raw) => [keyOf(raw), raw])).values()];
}

function isWanted({ kind, metadata }: RawObject, namespaces: readonly string[]): boolean {
  if (namespaces.length === 0) return true;
  const place = kind === 'Namespace' ? metadata.name : metadata.namespace;
  return place === undefined || [...ALWAYS_READ, ...namespaces].includes(place);
}
