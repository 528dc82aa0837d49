/** Starts the supervisor and renews its lease, from the harness' side. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { elapse } from '@faultline/control';
import { logPath } from '../ledger/file.ts';
import { BEAT_MS } from './decide.ts';

/** Node and its type stripping on a machine that is busy booting a cluster. */
const START_MS = 20_000;
/** Its last look at the ledger; it has nothing to undo by then. */
const LEAVE_MS = 10_000;

export interface Supervisor extends AsyncDisposable {
  readonly pid: number | undefined;
  /** Why nobody watches over us any more; undefined while somebody does. */
  readonly lost: string | undefined;
  /** Everything was healed: it may leave, and is waited for. */
  bye(): Promise<void>;
}

/**
 * @param ledger path of a ledger that says whose it is.
 * @param told called with what it undid by itself.
 * @throws Error when it does not get ready, naming its log.
 */
export async function startSupervisor(
  ledger: string,
  told: (line: string) => void,
  aborted?: AbortSignal,
): Promise<Supervisor> {
  const log = openSync(logPath(ledger), 'a', 0o600);
  // Detached: a session of its own, out of reach of the terminal's signals and of whoever kills our process group.
  const program = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = spawn(process.execPath, [program, ledger], { detached: true, stdio: ['pipe', 'pipe', log] });
  closeSync(log);
  const stop = new AbortController();
  const watched: { lost: string | undefined } = { lost: undefined };
  child.once(
    'exit',
    (code, signal) => (watched.lost = `the supervisor ended (${signal ?? code}); its log: ${logPath(ledger)}`),
  );
  child.once('error', (error) => (watched.lost = `the supervisor could not be started: ${error.message}`));
  child.stdin?.on('error', () => {});
  const end = async (farewell: string) => {
    stop.abort();
    child.stdin?.end(farewell);
    // One that was killed has no exit code, and has ended all the same.
    if (child.exitCode !== null || child.signalCode !== null) return;
    await once(child, 'exit', { signal: AbortSignal.timeout(LEAVE_MS) }).catch((cause: unknown) => {
      throw new Error(`the supervisor (process ${child.pid}) does not leave; its log: ${logPath(ledger)}`, { cause });
    });
  };
  await ready(child, told, ledger, aborted).catch(async (error: unknown) => {
    await end('').catch(() => {});
    throw error;
  });
  const beating = beat(child, stop.signal);
  return {
    pid: child.pid,
    get lost() {
      return watched.lost;
    },
    async bye() {
      await end('bye\n');
      await beating;
    },
    async [Symbol.asyncDispose]() {
      await end('');
      await beating;
    },
  };
}

async function ready(
  child: ChildProcess,
  told: (line: string) => void,
  ledger: string,
  signal?: AbortSignal,
): Promise<void> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const patience = AbortSignal.timeout(START_MS);
  const started = once(lines, 'line', { signal: signal ? AbortSignal.any([signal, patience]) : patience });
  const first = (await Promise.race([started, once(child, 'exit').then(() => [])])) as readonly unknown[];
  if (first[0] !== 'ready') {
    throw new Error(`the supervisor did not get ready, and nothing is broken without one. Its log: ${logPath(ledger)}`);
  }
  lines.on('line', told);
}

async function beat(child: ChildProcess, signal: AbortSignal): Promise<void> {
  try {
    for (;;) {
      child.stdin?.write('beat\n');
      await elapse(BEAT_MS, signal);
    }
  } catch {
    // The session ends: silence is what it means.
  }
}
