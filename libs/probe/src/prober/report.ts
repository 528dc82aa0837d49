/** What the prober says: one JSON object a line on standard output. */
import { createWriteStream, type WriteStream } from 'node:fs';
import type { EventOf, SampleRow } from '@faultline/history';

export type Line =
  /** It is about to send; first line. */
  | { readonly type: 'ready'; readonly scheduling: string }
  /** Rows in the order in which they were settled, not in that of their sequence: a timeout comes after its neighbours. */
  | { readonly type: 'samples'; readonly probe: string; readonly rows: readonly SampleRow[] }
  | {
      readonly type: 'arp';
      readonly time: number;
      readonly operation: 'request' | 'reply';
      readonly gratuitous: boolean;
      readonly senderMac: string;
      readonly senderAddress: string;
      readonly targetAddress: string;
    }
  /** The client's own entry for the address of its ARP probe. */
  | {
      readonly type: 'neighbour';
      readonly time: number;
      readonly address: string;
      readonly mac: string | null;
      readonly state: string;
    }
  | {
      readonly type: 'stream';
      readonly probe: string;
      readonly time: number;
      readonly connection: number;
      readonly what: EventOf<'stream'>['what'];
      readonly detail: string;
    }
  | { readonly type: 'warning'; readonly text: string }
  /** Last line of a probe: how many samples had a row. */
  | { readonly type: 'end'; readonly probe: string; readonly rows: number };

const EVERY_MS = 100;

/** What may wait for a harness that does not read. */
const MOST_WAITING = 32 * 1024 * 1024;

export interface Report {
  say(line: Line): void;
  row(probe: string, row: SampleRow): void;
  /** Says what is left and waits until all of it is written. */
  finish(probes: readonly string[]): Promise<void>;
}

/** Written through the thread pool: writing to a pipe directly would hold up the schedule whenever its reader is slow. */
export function createReport(): Report {
  const out = createWriteStream('', { fd: 1 });
  const batches = new Map<string, SampleRow[]>();
  const counts = new Map<string, number>();
  const say = (line: Line) => void out.write(`${JSON.stringify(line)}\n`);
  const flush = () => {
    for (const [probe, rows] of batches) {
      if (rows.length > 0) say({ type: 'samples', probe, rows: rows.splice(0) });
    }
    endIfNobodyReads(out);
  };
  const timer = setInterval(flush, EVERY_MS);
  // Nobody is left to tell.
  out.on('error', () => process.exit(1));
  return {
    say,
    row(probe, row) {
      const batch = batches.get(probe);
      if (batch) batch.push(row);
      else batches.set(probe, [row]);
      counts.set(probe, (counts.get(probe) ?? 0) + 1);
    },
    async finish(probes) {
      clearInterval(timer);
      flush();
      for (const probe of probes) say({ type: 'end', probe, rows: counts.get(probe) ?? 0 });
      await new Promise<void>((resolve) => out.end(resolve));
    },
  };
}

function endIfNobodyReads(out: WriteStream): void {
  if (out.writableLength < MOST_WAITING) return;
  process.stderr.write('the harness does not read its samples\n');
  process.kill(process.pid, 'SIGKILL');
}
