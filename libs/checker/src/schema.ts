/** The shape of verdict.json, as it is checked when one is read back. `verdict.schema.json` is generated from it. */
import { LAYERS, SAMPLE_CLASSES, type SampleClass } from '@faultline/history';
import { z } from 'zod';
import { STAGES, VERDICT_VERSION, type Envelope, type Verdict } from './verdict.ts';

const number = z.number();
const text = z.string();
const counts = z.record(text, number);
const result = z.enum(SAMPLE_CLASSES);
const byClass = z.partialRecord(result, number) as unknown as z.ZodType<Partial<Record<SampleClass, number>>>;
const scalars = z.record(text, z.union([text, number, z.boolean()]));
const outcome = z.enum(['pass', 'fail', 'inconclusive']);
const interval = z.object({ low: number, estimate: number, high: number });
const openInterval = z.object({ low: number, estimate: number, high: number.nullable() });

const part = z.object({ result, begin: number, end: number, lost: number, byClass });
const outage = z.object({
  probe: text,
  begin: number,
  end: number.nullable(),
  duration: openInterval,
  byLoss: number,
  lost: number,
  parts: z.array(part),
});
const episode = z.object({
  probe: text,
  begin: number,
  end: number.nullable(),
  duration: openInterval,
  byLoss: number,
  sent: number,
  lost: number,
  share: number,
  outages: number,
  byClass,
});
const window = z.object({
  window: z.enum(['before', 'during', 'after']),
  sent: number,
  lost: number,
  byClass,
  latency: z.object({
    count: number,
    p50: number.nullable(),
    p90: number.nullable(),
    p99: number.nullable(),
    max: number.nullable(),
  }),
  answeredBy: counts,
});
const probe = z.object({
  probe: text,
  layer: z.enum(LAYERS),
  what: text,
  from: text,
  to: text,
  rateHz: number,
  windows: z.array(window),
  outages: z.array(outage),
  episodes: z.array(episode),
  struck: episode.nullable(),
  worst: outage.nullable(),
  failover: interval.nullable(),
  answeredBy: counts,
  latenessMs: z.object({ p50: number, p99: number, max: number }).nullable(),
});
const fault = z.object({
  fault: text,
  kind: text,
  nodes: z.array(text),
  parameters: scalars,
  injectBegin: number,
  inForce: number.nullable(),
  healBegin: number.nullable(),
  healed: number.nullable(),
});

const stageTime = z.object({
  stage: z.enum(STAGES),
  at: interval.nullable(),
  detail: text,
  excused: z.literal(true).exactOptional(),
});
const ownership = z.object({ owners: z.array(text), begin: number, end: number, asked: number });
export const envelope: z.ZodType<Envelope> = z.object({
  probe: text,
  atLeastMs: number,
  medianMs: number,
  atMostMs: number,
  formula: text,
});

export const verdictSchema: z.ZodType<Verdict> = z.object({
  version: z.literal(VERDICT_VERSION),
  run: text,
  scenario: text,
  cell: z.record(text, text),
  substrate: z.enum(['k3s', 'bare']),
  substrateReason: text,
  outcome,
  reason: text,
  headline: text,
  checks: z.array(z.object({ check: text, outcome, reason: text })),
  faults: z.array(fault),
  subject: text.exactOptional(),
  probes: z.array(probe),
  milestones: z.array(z.object({ at: interval, what: text, detail: text })),
  timeline: z.array(stageTime),
  ownership: z.array(ownership),
  repeat: z.object({ set: text, index: number, of: number }).nullable(),
  envelope: envelope.nullable(),
  matrix: z.array(
    z.object({ from: text, to: text, before: number.nullable(), during: number.nullable(), after: number.nullable() }),
  ),
  seed: number,
  command: text,
  versions: z.record(text, text),
  commit: text.nullable(),
  dirty: z.boolean(),
});

/** What stands in `verdict.schema.json`. */
export function verdictJsonSchema(): object {
  return z.toJSONSchema(verdictSchema);
}

/** A verdict read back. @throws Error naming the file, the field, and what was wrong with it. */
export function parseVerdict(json: string, path = 'verdict.json'): Verdict {
  return parsedAs(verdictSchema, json, {
    path,
    what: `a verdict of version ${VERDICT_VERSION}`,
    next: 'Next: write it again from the history: faultline check <run>',
  });
}

interface Wanted {
  readonly path: string;
  readonly what: string;
  readonly next: string;
}

/** @throws Error naming the file, the field, what was wrong with it, and what to do next. */
export function parsedAs<T>(schema: z.ZodType<T>, json: string, { path, what, next }: Wanted): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new Error(`${path}: not JSON. ${next}`, { cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues
    .map((issue) => `  ${issue.path.join('.') || 'all of it'}: ${issue.message}`)
    .slice(0, 5);
  throw new Error(`${path}: not ${what}:\n${wrong.join('\n')}\n${next}`);
}
