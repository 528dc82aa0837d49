/** For tests: the prober's program as a process of its own, and what it says. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { SampleRow } from '@faultline/history';
import type { ProbeSpec } from './spec.ts';
import type { Line } from './prober/report.ts';

const MAIN = join(import.meta.dirname, 'prober/main.ts');

export interface Seen {
  readonly rows: readonly SampleRow[];
  /** Everything else. */
  readonly lines: readonly Line[];
  readonly pid: number | undefined;
}

/**
 * Starts the prober; it sees its input end when `enough` says so. Rows are in the order of their sequence.
 * @throws Error where it does not end well, or its last words are of another number of rows.
 */
export async function observe(specs: readonly ProbeSpec[], enough: (seen: Seen) => boolean): Promise<Seen> {
  const prober: ChildProcessWithoutNullStreams = spawn(process.execPath, [MAIN]);
  const exited = once(prober, 'exit');
  const rows: SampleRow[] = [];
  const lines: Line[] = [];
  const { pid } = prober;
  try {
    prober.stdin.write(`${JSON.stringify(specs)}\n`);
    for await (const text of createInterface({ input: prober.stdout })) {
      const line = JSON.parse(text) as Line;
      if (line.type === 'samples') rows.push(...line.rows);
      else lines.push(line);
      if (enough({ rows, lines, pid })) prober.stdin.end();
    }
    const [exitCode] = (await exited) as [number | null];
    const ended = lines.reduce((sum, line) => sum + (line.type === 'end' ? line.rows : 0), 0);
    if (exitCode !== 0 || ended !== rows.length)
      throw new Error(`the prober ended with code ${exitCode} after ${rows.length} rows, and speaks of ${ended}`);
    return { rows: rows.toSorted(([a], [b]) => a - b), lines, pid };
  } finally {
    prober.kill('SIGKILL');
  }
}

/** On a busy machine some are never sent. */
export const classesOf = (rows: readonly SampleRow[]): readonly string[] =>
  [...new Set(rows.map((row) => row[4]))].filter((result) => result !== 'late');
