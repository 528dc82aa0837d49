/** The shape of a comparison of backends, as it is checked when one is read back; and of one turn of it. */
import { z } from 'zod';
import {
  ASKS,
  BACKEND_COMPARISON_VERSION,
  BENCH_PATHS,
  QUANTITIES,
  type BackendComparison,
  type BackendIdentity,
  type BenchPath,
  type Quantity,
  type Turn,
} from './backend-comparison.ts';
import { parsedAs } from './schema.ts';
import { distribution } from './set-schema.ts';

const number = z.number();
const text = z.string();
const path = z.enum(Object.keys(BENCH_PATHS) as BenchPath[]);
const quantity = z.enum(Object.keys(QUANTITIES) as Quantity[]);
const ask = z.enum(ASKS);
const covered = z.object({ low: number, high: number, coverage: number });
const place = { path, backend: text };

const identity = {
  comparison: text,
  substrate: z.enum(['k3s', 'bare']),
  substrateReason: text,
  loadBalancer: text,
  backends: z.array(z.object({ backend: text, placement: z.record(text, text), podMtu: number })),
  skipped: z.array(z.object({ what: text, reason: text })),
  repeats: number,
  seed: number,
  rateHz: number,
  latencySeconds: number,
  throughputSeconds: number,
  limits: z.array(text),
  command: text,
  commit: text.nullable(),
  dirty: z.boolean(),
  versions: z.record(text, text),
};

export const backendComparisonSchema: z.ZodType<BackendComparison> = z.object({
  version: z.literal(BACKEND_COMPARISON_VERSION),
  ...identity,
  figures: z.array(z.object({ ...place, quantity, values: distribution })),
  gaps: z.array(z.object({ ...place, quantity, missing: number, of: number })),
  pooled: z.array(
    z.object({
      ...place,
      ask,
      quantile: number,
      samples: number,
      value: number.nullable(),
      interval: covered.nullable(),
    }),
  ),
  losses: z.array(
    z.object({ ...place, ask, sent: number, lost: number, late: number, latenessP99: number.nullable() }),
  ),
  ratios: z.array(
    z.object({
      ...place,
      quantity,
      against: text,
      ratio: covered.extend({ value: number }).nullable(),
      differs: z.boolean(),
      reason: text,
    }),
  ),
  idleCpus: distribution.nullable(),
  retransmits: number,
});

const identitySchema: z.ZodType<BackendIdentity> = z.object(identity);
const turned = { ...place, repeat: number };
const turnSchema: z.ZodType<Turn> = z.union([
  z.object({
    ...turned,
    measured: ask,
    latencies: z.array(number),
    sent: number,
    lost: number,
    late: number,
    latenessP99: number.nullable(),
  }),
  z.object({
    ...turned,
    measured: z.literal('throughput'),
    bytes: number,
    seconds: number,
    retransmits: number,
    cpuSeconds: number,
    wallSeconds: number,
    idleCpus: number,
  }),
]);

/** What stands in `backend-comparison.schema.json`. */
export function backendComparisonJsonSchema(): object {
  return z.toJSONSchema(backendComparisonSchema);
}

const next = 'Next: measure it again: faultline compare-backends';

/** A comparison read back. @throws Error naming the file, the field, and what was wrong with it. */
export function parseBackendComparison(json: string, file = 'comparison.json'): BackendComparison {
  return parsedAs(backendComparisonSchema, json, {
    path: file,
    what: `a comparison of backends of version ${BACKEND_COMPARISON_VERSION}`,
    next,
  });
}

/** What was measured, read back, for a comparison by today's statistics. @throws Error as above. */
export function parseTurns(
  told: { readonly identity: string; readonly turns: string },
  folder: string,
): { readonly identity: BackendIdentity; readonly turns: readonly Turn[] } {
  // A line that was cut off when its writer died is no turn.
  const lines = told.turns.split('\n').filter((line) => line.endsWith('}'));
  return {
    identity: parsedAs(identitySchema, told.identity, { path: `${folder}/identity.json`, what: 'an identity', next }),
    turns: lines.map((line, index) =>
      parsedAs(turnSchema, line, { path: `${folder}/turns.ndjson:${index + 1}`, what: 'a turn', next }),
    ),
  };
}
