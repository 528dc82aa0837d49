/** Our programs in a container, the prober and the calibration's stub: how they get there, and how one listens to them. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { FileToCopy, Running } from '@faultline/control';

const SOURCES = join(import.meta.dirname, 'prober');

/** Where the programs are in the container. */
export const FOLDER = '/faultline/probe';

/** They have no dependencies, and are run by the container's own Node as they are. */
export async function programFiles(): Promise<readonly FileToCopy[]> {
  const names = (await readdir(SOURCES)).filter((name) => !name.endsWith('.test.ts'));
  return Promise.all(
    names.map(async (name) => ({ path: `${FOLDER}/${name}`, content: await readFile(join(SOURCES, name)) })),
  );
}

/** The last that was said on standard error, as a sentence. */
export function lastWords(stderr: Readable): () => string {
  let words = '';
  stderr.setEncoding('utf8').on('data', (chunk: string) => {
    words = `${words}${chunk}`.slice(-500);
  });
  return () => (words.trim() === '' ? 'It said nothing.' : `It said: ${words.trim()}`);
}

/** The next line of its standard output, each time it is called. */
export function linesOf(running: Running): (signal: AbortSignal) => Promise<string> {
  const lines = createInterface({ input: running.stdout })[Symbol.asyncIterator]();
  const complaint = lastWords(running.stderr);
  return async (signal) => {
    const line = await within(lines.next(), signal);
    if (line.done === true) throw new Error(`the program ended. ${complaint()}`);
    return line.value;
  };
}

/** The promise, or the signal's reason when that comes first. */
export async function within<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
