/** Files, folders and standard input, as texts for lint. */
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LARGEST_FILE, type Input } from '@faultline/traefik';
import { UsageError } from './exit.ts';

export const STDIN = '-';

const MANIFEST = /\.(ya?ml|json)$/i;

/** Enough to see that a text is too large for lint, whatever its characters: a unit of text takes at most three bytes. */
const MOST_BYTES = 3 * LARGEST_FILE + 3;

/** @throws UsageError where there is no such file. */
export async function readManifests(paths: readonly string[], signal: AbortSignal): Promise<readonly Input[]> {
  const inputs: Input[] = [];
  for (const path of paths) {
    signal.throwIfAborted();
    if (path === STDIN) inputs.push({ file: STDIN, text: await readStdin() });
    else inputs.push(...(await readPath(path, signal)));
  }
  return inputs;
}

async function readPath(path: string, signal: AbortSignal): Promise<readonly Input[]> {
  const found = await stat(path).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${path}: ${reason}. Allowed: files and folders with manifests, or - for standard input`);
  });
  if (!found.isDirectory()) return [{ file: path, text: await readFile(path) }];
  const inputs: Input[] = [];
  for (const file of await filesIn(path)) {
    signal.throwIfAborted();
    const text = await readFile(file);
    // A folder holds other things too: package.json, the values of a chart, an editor's settings.
    if (text.includes('apiVersion')) inputs.push({ file, text });
  }
  return inputs;
}

/** In the order of their names; not what is hidden, nor what npm installed. */
async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).toSorted((one, other) =>
    one.name < other.name ? -1 : 1,
  );
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    if (entry.isDirectory()) found.push(...(await filesIn(path)));
    else if (MANIFEST.test(entry.name) && (entry.isFile() || (await isFile(path)))) found.push(path);
  }
  return found;
}

/** A link may lead to a file; one that leads to a folder may lead back to where it stands. */
const isFile = async (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

async function readFile(path: string): Promise<string> {
  await using file = await open(path);
  const { size } = await file.stat();
  const buffer = Buffer.alloc(Math.min(size, MOST_BYTES));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
  return buffer.toString('utf8', 0, bytesRead);
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin) {
    chunks.push(Buffer.from(chunk as Uint8Array));
    bytes += chunks.at(-1)?.length ?? 0;
    if (bytes > MOST_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
