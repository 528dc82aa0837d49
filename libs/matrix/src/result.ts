/**
 * One line of results.ndjson: what became of one row of the night. `run` writes it, `merge` gathers it, and the history of
 * nights keeps it for years: it is versioned, and upgraded when it is read.
 */
import type { RowVerdict } from '@faultline/checker';
import type { Cell } from '@faultline/history';
import { z } from 'zod';

/** Raise it when the shape changes, and add to `upgrades` below what turns a line of the old version into the next one's. */
export const RESULT_VERSION = 1;

/** A measured time beside what the mechanism promises; milliseconds. */
export interface Figure {
  /** What it is, the same every night: a series of nights is known by row and name. E.g. `failover edge-http-new`. */
  readonly name: string;
  readonly measured: number;
  /** Null: nothing is promised, and the series is followed by its own past alone. */
  readonly expected: { readonly low: number; readonly median: number; readonly high: number } | null;
}

/**
 * Why a row has no run: the host or the cluster lacks a capability (`wireguard`), or the night's time was spent before its
 * turn came.
 */
export type Skip = { readonly because: 'capability'; readonly capability: string } | { readonly because: 'budget' };

export interface Result {
  readonly version: typeof RESULT_VERSION;
  /** The row's id, the same every night for the same scenario and cell. */
  readonly row: string;
  readonly scenario: string;
  /** Factor -> value. */
  readonly cell: Cell;
  /** Which of several runs of the row in one night, from 1; null: it runs once. Each is a line of its own. */
  readonly repeat: { readonly index: number; readonly of: number } | null;
  readonly verdict: RowVerdict;
  /** One sentence: what decided it. */
  readonly reason: string;
  /** Null unless the verdict is `skip`. */
  readonly skip: Skip | null;
  /** Empty where nothing was measured to its end: what never ended has no figure. */
  readonly figures: readonly Figure[];
  /** Milliseconds since 1970. */
  readonly started: number;
  /** What the row took, its share of a boot that it was the first to need included; milliseconds. */
  readonly durationMs: number;
  /** Of that, the boot of its cluster; absent: it was up already. */
  readonly bootMs?: number | undefined;
  /** The run's folder, relative to the folder of results.ndjson; null: there is none. */
  readonly folder: string | null;
  readonly commit: string | null;
  /** The machine: a change of it is one reason why figures change. */
  readonly host: string;
  /**
   * What kind of failure it is: the check that decided it with the class lost most (`outage edge-http-new: timeout`), a gate
   * (`never steady`), or `crash`. Empty for a pass and a skip.
   */
  readonly class: string;
  /** What the run wrote last before it was judged or died; null where it wrote nothing. */
  readonly lastEvent: { readonly type: string; readonly detail: string } | null;
}

const text = z.string();
const time = z.number().nonnegative();
const skip = z.discriminatedUnion('because', [
  z.object({ because: z.literal('capability'), capability: text.min(1) }),
  z.object({ because: z.literal('budget') }),
]);
const figure = z.object({
  name: text.min(1),
  measured: z.number().positive(),
  expected: z.object({ low: time, median: z.number().positive(), high: time }).nullable(),
});

const schema: z.ZodType<Result> = z
  .object({
    version: z.literal(RESULT_VERSION),
    row: text.min(1),
    scenario: text.min(1),
    cell: z.record(text, text),
    repeat: z.object({ index: z.int().positive(), of: z.int().positive() }).nullable(),
    verdict: z.enum(['pass', 'fail', 'inconclusive', 'skip']),
    reason: text,
    skip: skip.nullable(),
    figures: z.array(figure),
    started: time,
    durationMs: time,
    bootMs: time.optional(),
    folder: text.nullable(),
    commit: text.nullable(),
    host: text,
    class: text,
    lastEvent: z.object({ type: text, detail: text }).nullable(),
  })
  .refine((result) => (result.verdict === 'skip') === (result.skip !== null), {
    message: 'a skip says why it was skipped, and nothing else does',
    path: ['skip'],
  });

/** upgrades[n] turns a line of version n into one of version n + 1. */
const upgrades: Readonly<Record<number, (line: Readonly<Record<string, unknown>>) => Record<string, unknown>>> = {};

/** A line read back, as today's version has it. @throws Error saying what is wrong with it. */
export function parseResult(line: string): Result {
  let read = JSON.parse(line) as Record<string, unknown>;
  const version = Number(read?.['version']);
  if (version > RESULT_VERSION) {
    throw new Error(`result version ${version}, this Faultline reads up to ${RESULT_VERSION}: use a newer one`);
  }
  for (let from = version; from < RESULT_VERSION; from++) read = upgrades[from]?.(read) ?? read;
  const checked = schema.safeParse(read);
  if (!checked.success) throw new Error(z.prettifyError(checked.error).replaceAll(/\s*\n\s*/g, ' '));
  return checked.data;
}

/** The line as it is written, without its newline. */
export const resultLine = (result: Result): string => JSON.stringify(result);
