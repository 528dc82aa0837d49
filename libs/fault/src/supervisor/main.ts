/**
 * The supervisor: undoes what a dead harness left behind. `node main.ts <ledger>`, started by the session, detached.
 *
 * It says `ready`, then listens: `beat` renews the lease, `bye` ends it. It knows the ledger and the engine, and shares
 * nothing else with the harness. Standard output is the harness' and may be closed at any time; standard error is its log.
 */
import { createInterface } from 'node:readline';
import { systemClock } from '@faultline/history';
import { openLedger, readLedger } from '../ledger/file.ts';
import { supervise } from './supervise.ts';

const [path = ''] = process.argv.slice(2);

// The terminal's Ctrl-C and hang-up are meant for the harness, which heals first; we stay until it has.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => {});
process.stdout.on('error', () => {});

/** The engine's client is three quarters of our memory: whoever waits for us to be ready need not wait for that. */
const loaded = () => import('./undo-all.ts');

const { run } = await readLedger(path);
using ledger = openLedger(path);

process.exitCode = await supervise({
  clock: systemClock,
  lines: createInterface({ input: process.stdin }),
  read: () => readLedger(path),
  written: (intent, outcome) =>
    ledger.write({ type: 'undo', fault: intent.fault, node: intent.node, by: 'supervisor', outcome }),
  undo: async (intents, each) => {
    if (intents.length > 0) await (await loaded()).undoAll(run, intents, each);
  },
  say: (line) => {
    process.stdout.write(`${line}\n`);
    // Half a second of loading, before anything is broken, is half a second less that a fault outlives its harness.
    if (line !== 'ready') return;
    loaded()
      .then(({ getReady }) => getReady())
      .catch(() => {});
  },
  log: (text) => void process.stderr.write(`${systemClock.wall()} ${text}\n`),
});
process.stdin.destroy();
