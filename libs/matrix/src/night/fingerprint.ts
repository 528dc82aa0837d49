/** Which failures are the same failure, whatever night, row and cluster they came from. */
import { createHash } from 'node:crypto';
import type { Result } from '../result.ts';

/** What differs from run to run of one failure, and what stands in its place. In this order: an address is no number. */
const CHANGING: readonly (readonly [RegExp, string])[] = [
  [/\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?\b/g, '<time>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<id>'],
  [/\b([0-9a-f]{2}:){5}[0-9a-f]{2}\b/gi, '<mac>'],
  [/\b\d{1,3}(\.\d{1,3}){3}(:\d+|\/\d+)?\b/g, '<address>'],
  [/(?<![\w:])[0-9a-f]{0,4}(:[0-9a-f]{0,4}){2,7}(?![\w:])/gi, '<address>'],
  // What Deployments and DaemonSets append, which has no vowels: userlist-7d9f8b6c5-x2x4z, speaker-7kq2p.
  [
    /\b([a-z][a-z0-9-]*?)(-[bcdf0-9][bcdfghjklmnpqrstvwxz0-9]{5,9})?-(?!https)[bcdfghjklmnpqrstvwxz2-9]{5}\b/g,
    '$1-<pod>',
  ],
  [/\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,64}\b/gi, '<id>'],
  [/\b(server|agent)-\d+\b/g, '$1-<n>'],
  // Not what is part of a name: http-502, fault-2.
  [/(?<![\w.-])\d+(\.\d+)?/g, '<n>'],
  [/\s+/g, ' '],
];

/** A sentence without what differs from run to run. */
export const normalised = (text: string): string =>
  CHANGING.reduce((sofar, [pattern, instead]) => sofar.replaceAll(pattern, instead), text).trim();

export interface Fingerprint {
  /** Twelve hexadecimal digits: what a quarantine names. */
  readonly id: string;
  /** What it is made of, for people: scenario, class, last event. */
  readonly parts: readonly [scenario: string, failure: string, last: string];
}

/** Null: nothing failed and nothing was in doubt. */
export function fingerprintOf(result: Result): Fingerprint | null {
  const { scenario, verdict, lastEvent } = result;
  if (verdict === 'pass' || verdict === 'skip') return null;
  const failure = `${verdict} ${normalised(result.class)}`.trim();
  const last = lastEvent ? `${lastEvent.type} ${normalised(lastEvent.detail)}`.trim() : 'nothing';
  const parts = [scenario, failure, last] as const;
  return { id: createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12), parts };
}
