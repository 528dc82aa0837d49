/** What `faultline doctor --heal` does about faults: undoes what dead harnesses left in force, by their ledgers. */
import { mkdir, readdir, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isAlive, thisProcess, type Engine } from '@faultline/control';
import type { History } from '@faultline/history';
import type { Ledger } from './ledger/entry.ts';
import { logPath, openLedger, readLedger, removeDrafts } from './ledger/file.ts';
import { ledgerFolder } from './ledger/folder.ts';
import { undoIntent } from './undo.ts';

export interface HealedLedger {
  readonly path: string;
  /** Undefined where the ledger could not be read. */
  readonly run: string | undefined;
  /** A line for each fault and node: what was done; or why nothing was. */
  readonly did: readonly string[];
  /** False: something is left, and the ledger with it. */
  readonly ok: boolean;
}

export interface HealOptions {
  readonly engine: Engine;
  readonly history?: History;
  readonly signal?: AbortSignal;
  readonly ledgerFolder?: string;
}

/** What the dead left, and nothing done about it: `did` says what is in force. Needs no engine. */
export async function ledgersOfTheDead(
  options: Pick<HealOptions, 'ledgerFolder'> = {},
): Promise<readonly HealedLedger[]> {
  return forTheDead(options.ledgerFolder, undefined, (path, { run, inForce }) => {
    const did = inForce.map(({ fault, kind, node }) => `${run}: ${fault} (${kind}) on ${node} may be in force`);
    return Promise.resolve({
      path,
      run,
      did: did.length > 0 ? did : [`${run}: nothing is in force any more`],
      ok: true,
    });
  });
}

/** Heals after every dead owner. Idempotent; living ones are left alone, and are not in the answer. */
export async function healDead(options: HealOptions): Promise<readonly HealedLedger[]> {
  const { engine, history, signal, ledgerFolder: folder } = options;
  const { boot } = thisProcess();
  await removeDrafts(folder ?? ledgerFolder(), (pid, started) => !isAlive({ boot, pid, started }));
  const healed = await forTheDead(folder, signal, (path, ledger) => healLedger(engine, path, ledger));
  for (const { did, ok } of healed) {
    for (const text of did) history?.append({ type: 'note', level: ok ? 'info' : 'warning', text });
  }
  return healed;
}

type Attend = (path: string, ledger: Ledger) => Promise<HealedLedger>;

async function forTheDead(
  folder: string = ledgerFolder(),
  signal: AbortSignal | undefined,
  attend: Attend,
): Promise<readonly HealedLedger[]> {
  const names = await readdir(folder).catch(() => []);
  const results: HealedLedger[] = [];
  for (const name of names.filter((each) => each.endsWith('.ndjson')).toSorted()) {
    signal?.throwIfAborted();
    const path = join(folder, name);
    try {
      const ledger = await readLedger(path);
      if (!isAlive(ledger.owner)) results.push(await attend(path, ledger));
    } catch (error) {
      results.push({ path, run: undefined, did: [error instanceof Error ? error.message : String(error)], ok: false });
    }
  }
  return results;
}

/** Undoes the latest first, and puts the ledger away when nothing is left. */
export async function healLedger(engine: Engine, path: string, ledger?: Ledger): Promise<HealedLedger> {
  const { run, inForce } = ledger ?? (await readLedger(path));
  using writer = openLedger(path);
  const did: string[] = [];
  let ok = true;
  for (const intent of inForce.toReversed()) {
    const { fault, node, kind } = intent;
    try {
      const outcome = await undoIntent(engine, run, intent);
      writer.write({ type: 'undo', fault, node, by: 'doctor', outcome });
      did.push(`${run}: ${fault} (${kind}) on ${node}: ${outcome}`);
    } catch (error) {
      ok = false;
      did.push(
        `${run}: ${fault} (${kind}) on ${node} is still in force: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  if (did.length === 0) did.push(`${run}: nothing was in force any more`);
  if (ok) await archive(path);
  return { path, run, did, ok };
}

/** Kept, out of the way: it is what is known of how that run ended. */
async function archive(path: string): Promise<void> {
  const folder = join(dirname(path), 'healed');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const file of [path, logPath(path)]) await rename(file, join(folder, basename(file))).catch(() => {});
}
