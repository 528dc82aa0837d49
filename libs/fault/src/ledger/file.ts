/** The ledger on disk. A line is on the disk, not in a cache, before this returns: the next thing may be a power cut. */
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseLedger, type Ledger, type LedgerLine } from './entry.ts';

export interface LedgerWriter extends Disposable {
  readonly path: string;
  write(line: LedgerLine): void;
}

/** Opens for appending; harness, supervisor and doctor may each hold one: a line is one write. */
export function openLedger(path: string): LedgerWriter {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(path, 'a', 0o600);
  sync(dirname(path));
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
