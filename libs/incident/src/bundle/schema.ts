/** The shape of bundle.json and events.json, checked: a bundle comes from somebody else. */
import { z } from 'zod';
import { BUNDLE_VERSION, type About, type SeenEvent } from './bundle.ts';

/** Bounds of what is read, and of what is written. */
const MOST = { entries: 5_000, text: 4_096 } as const;

/** It is printed on terminals, which obey what is not printed. */
const text = z
  .string()
  .max(MOST.text)
  .regex(/^[^\p{Cc}]*$/u, 'expected no control characters');
const word = text.min(1);
const list = <T extends z.ZodType>(of: T): z.ZodArray<T> => z.array(of).max(MOST.entries);
const words = z.record(word, text);
const release = z.string().regex(/^v\d+\.\d+\.\d+\+k3s\d+$/, 'expected a k3s release: v1.33.3+k3s1');

const node = z.strictObject({
  name: z.string().regex(/^(server|agent)-\d{1,2}$/, 'expected server-0, agent-0, ...'),
  role: z.enum(['server', 'agent']),
  address: z.string().regex(/^198\.18\.0\.\d{1,3}$/, 'expected an address of 198.18.0.0/24'),
  release: text,
  ready: z.boolean(),
  flags: list(word),
  labels: words,
  taints: list(word),
});

export const aboutSchema: z.ZodType<About> = z.strictObject({
  version: z.literal(BUNDLE_VERSION),
  made: z.iso.datetime(),
  by: z.strictObject({ commit: text.nullable(), dirty: z.boolean() }),
  from: z.enum(['cluster', 'support', 'run']),
  k3s: z.strictObject({ seen: text.nullable(), taken: release }).nullable(),
  settings: z.record(word, z.union([text, z.number(), z.boolean()])),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .nullable(),
  ran: z
    .strictObject({
      outcome: z.enum(['pass', 'fail', 'inconclusive']),
      reason: text,
      failing: list(word),
    })
    .nullable(),
  nodes: list(node),
  seen: list(z.strictObject({ what: word, saw: text })),
  leftOut: list(z.strictObject({ what: word, why: text, where: list(text), count: z.int().min(1) })),
  notes: list(text),
});

export const eventsSchema: z.ZodType<readonly SeenEvent[]> = list(
  z.strictObject({
    type: z.enum(['Normal', 'Warning']),
    reason: word,
    about: word,
    count: z.int().min(1),
    last: text.nullable(),
    message: text.nullable(),
  }),
);
