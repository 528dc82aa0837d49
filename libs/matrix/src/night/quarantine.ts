/** Failures that somebody knows of, each with who, why, and until when: quarantine.json. */
import type { QuarantineEntry } from '@faultline/checker';
import { z } from 'zod';

export const QUARANTINE_VERSION = 1;

/** A quarantine is a loan: further ahead than this nobody promises. */
const LONGEST_DAYS = 31;
const DAY = 86_400_000;

const date = z
  .string()
  .refine((text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)), 'allowed: a date, 2026-12-05');
const said = z.string().trim().min(1, 'must not be empty');
const entry: z.ZodType<QuarantineEntry> = z.strictObject({
  fingerprint: z.string().regex(/^[0-9a-f]{12}$/, 'allowed: twelve hexadecimal digits, as on the page of the night'),
  owner: said,
  reason: said,
  until: date,
});
const schema = z.strictObject({ version: z.literal(QUARANTINE_VERSION), entries: z.array(entry) });

/** @throws Error naming the file, the value, and what is allowed. */
export function parseQuarantine(text: string, path: string, night: string): readonly QuarantineEntry[] {
  const { entries } = checked(text, path);
  for (const [index, { fingerprint, until }] of entries.entries()) {
    const place = `${path}: entries[${index}] (${fingerprint})`;
    if (entries.findIndex((other) => other.fingerprint === fingerprint) < index) throw new Error(`${place}: twice`);
    if (Date.parse(until) - Date.parse(dateOf(night)) > LONGEST_DAYS * DAY) {
      throw new Error(
        `${place}: until ${until}. Allowed: at most ${LONGEST_DAYS} days after the night, ${dateOf(night)}`,
      );
    }
  }
  return entries;
}

function checked(text: string, path: string): { readonly entries: readonly QuarantineEntry[] } {
  const example =
    '{"version":1,"entries":[{"fingerprint":"0123456789ab","owner":"ada","reason":"#7","until":"2026-12-05"}]}';
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${path}: not JSON. Allowed: ${example}`, { cause });
  }
  const result = schema.safeParse(read);
  if (!result.success) throw new Error(`${path}: ${z.prettifyError(result.error)}\nAllowed: ${example}`);
  return result.data;
}

/** It holds on its last day. */
export const isExpired = ({ until }: QuarantineEntry, night: string): boolean => dateOf(night) > until;

/** Names of nights begin with their date. */
export const dateOf = (night: string): string => night.slice(0, 10);
