/** What a shrink has found out so far, in its folder: one that was killed goes on from there. */
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Probe, Probed } from '@faultline/incident/plan';
import { UsageError } from '../exit.ts';
import type { Subject } from './subject.ts';

const VERSION = 1;

/** The first line: what is shrunk, and which failure is looked for. */
export interface Begun extends Subject {
  readonly version: typeof VERSION;
  /** As `failureOf` has it. */
  readonly failure: string;
  /** How long the whole one took, milliseconds. */
  readonly tookMs: number;
}

export class Journal {
  readonly folder: string;
  constructor(folder: string) {
    this.folder = folder;
  }

  async begin(begun: Omit<Begun, 'version'>): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await writeFile(this.#path(), `${JSON.stringify({ version: VERSION, ...begun })}\n`, { flag: 'wx' });
    await this.keepBest(begun.whole);
  }

  /** The answer first: the best so far can be found again from the answers, and not the other way. */
  async add(probe: Probe, best: Subject['whole']): Promise<void> {
    await appendFile(this.#path(), `${JSON.stringify(probe)}\n`);
    await this.keepBest(best);
  }

  async keepBest(best: Subject['whole']): Promise<void> {
    await writeFile(join(this.folder, 'best.json'), `${JSON.stringify(best, null, 2)}\n`);
  }

  /** @throws UsageError where nothing was begun there. */
  async read(): Promise<{ readonly begun: Begun; readonly known: ReadonlyMap<string, Probed>; readonly runs: number }> {
    const text = await readFile(this.#path(), 'utf8').catch(() => '');
    const [first, ...others] = text.split('\n').flatMap((line) => parsed(line));
    const begun = first as Begun | undefined;
    if (begun?.version !== VERSION)
      throw new UsageError(`${this.folder} holds no shrink that was begun. Allowed: a folder of runs/shrink`);
    const probes = others as readonly Probe[];
    const known = new Map(probes.map(({ key, answer, why }) => [key, { answer, why }]));
    return { begun, known, runs: Math.max(0, ...probes.map(({ number }) => number)) };
  }

  #path(): string {
    return join(this.folder, 'journal.ndjson');
  }
}

/** The last line of one that was killed may be cut off: that question is asked again. */
function parsed(line: string): readonly unknown[] {
  try {
    return line.trim() === '' ? [] : [JSON.parse(line) as unknown];
  } catch {
    return [];
  }
}
