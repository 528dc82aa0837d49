/** The shape of set.json, as it is checked when one is read back. `set.schema.json` is generated from it. */
import { z } from 'zod';
import { envelope, parsedAs } from './schema.ts';
import { SET_VERSION, type Distribution, type SetVerdict } from './set.ts';
import { STAGES } from './verdict.ts';

const number = z.number();
const text = z.string();
const outcome = z.enum(['pass', 'fail', 'inconclusive']);
const covered = z.object({ low: number, high: number, coverage: number });
export const distribution: z.ZodType<Distribution> = z.object({
  values: z.array(number),
  median: number,
  interval: covered.nullable(),
  least: number,
  most: number,
  p90: number.nullable(),
});
const probe = z.object({
  probe: text,
  layer: text,
  outage: distribution.nullable(),
  // Sets of the first days do not say it; judged again, they do.
  back: distribution.nullable().default(null),
  neverEnded: number,
  unharmed: number,
  lost: number,
  sent: number,
});

export const setSchema: z.ZodType<SetVerdict> = z.object({
  version: z.literal(SET_VERSION),
  set: text,
  scenario: text,
  cell: z.record(text, text),
  label: text,
  runs: z.array(z.object({ run: text, seed: number, outcome, reason: text, folder: text })),
  counts: z.record(outcome, number),
  probes: z.array(probe),
  stages: z.array(z.object({ stage: z.enum(STAGES), at: distribution.nullable(), missing: z.record(text, number) })),
  complete: z.object({ runs: number, of: number }),
  envelope: envelope.nullable(),
  ratio: z.object({ probe: text, value: number }).nullable(),
  splitBrain: number,
  command: text,
  commit: text.nullable(),
  dirty: z.boolean(),
  versions: z.record(text, text),
});

/** What stands in `set.schema.json`. */
export function setJsonSchema(): object {
  return z.toJSONSchema(setSchema);
}

/** A set read back. @throws Error naming the file, the field, and what was wrong with it. */
export function parseSet(json: string, path = 'set.json'): SetVerdict {
  return parsedAs(setSchema, json, {
    path,
    what: `a set of version ${SET_VERSION}`,
    next: 'Next: measure it again: faultline run <scenario> --repeat <n>',
  });
}
