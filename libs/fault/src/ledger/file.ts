/** The ledger on disk. A line is on the disk, not in a cache, before this returns: the next thing may be a power cut. */
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseLedger, type Ledger, type LedgerLine } from './entry.ts';

export interface LedgerWriter extends Disposable {
  readonly path: string;
  write(line: LedgerLine): void;
}

/**
 * A new one, with its first line: it is there with that line, or not at all. An empty one would be nobody's, and nobody could
 * tell whether its owner is about to write (seen: a harness that was killed between the two).
 * @throws Error where there is one: another process was faster.
 */
export function createLedger(path: string, first: Opening): LedgerWriter {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}${DRAFT}${first.owner.pid}-${first.owner.started}`;
  {
    using file = writerOf(draft, 'w');
    file.write(first);
  }
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const why = `${path} is there: another process began to break ${first.run} just now. Next: wait until it ends`;
    throw new Error(why, { cause: error });
  } finally {
    rmSync(draft, { force: true });
  }
  sync(dirname(path));
  return openLedger(path);
}

/** Opens one that is there for appending; harness, supervisor and doctor may each hold one: a line is one write. */
export const openLedger = (path: string): LedgerWriter => writerOf(path, 'a');

type Opening = Extract<LedgerLine, { readonly type: 'open' }>;

/** In the name of what becomes a ledger, before the process that writes it. */
const DRAFT = '.draft-';

/** What those left who died while they wrote the first line: they had not begun anything. */
export async function removeDrafts(folder: string, isGone: (pid: number, started: string) => boolean): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const [, pid, started] = /\.draft-(\d+)-(\d+)$/.exec(name) ?? [];
    if (pid && started && isGone(Number(pid), started)) await rm(join(folder, name), { force: true });
  }
}

function writerOf(path: string, how: 'a' | 'w'): LedgerWriter {
  const file = openSync(path, how, 0o600);
  return {
    path,
    write(line) {
      writeSync(file, `${JSON.stringify(line)}\n`);
      fsyncSync(file);
    },
    [Symbol.dispose]: () => closeSync(file),
  };
}

/** @throws LedgerError; the file system's error when there is none. */
export async function readLedger(path: string): Promise<Ledger> {
  return parseLedger(await readFile(path, 'utf8'), path);
}

/** The supervisor's log lies beside the ledger. */
export function logPath(ledger: string): string {
  return ledger.replace(/\.ndjson$/, '.supervisor.log');
}

/** Everything was undone by whoever did it: nothing is left to say. */
export async function removeLedger(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(logPath(path), { force: true });
}

/** A new file's name is on the disk only when its folder is. */
function sync(folder: string): void {
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
