/** The failures of a night, each once, with what the nights before knew of it. */
import type { NightFailure, NightReport, QuarantineEntry } from '@faultline/checker';
import type { Result } from '../result.ts';
import { fingerprintOf, type Fingerprint } from './fingerprint.ts';
import type { Night } from './gather.ts';
import { isExpired } from './quarantine.ts';

interface Seen {
  readonly night: string;
  readonly result: Result;
  readonly print: Fingerprint;
}

/** @param nights oldest first; the failures are those of the last one. */
export function failuresOf(
  nights: readonly Night[],
  quarantine: readonly QuarantineEntry[] = [],
): readonly NightFailure[] {
  const tonight = nights.at(-1)?.name ?? '';
  const byPrint = Map.groupBy(nights.flatMap(seenIn), ({ print }) => print.id);
  return [...byPrint.values()].flatMap((seen) => failureOf(seen, tonight, quarantine)).toSorted(byWeight);
}

function seenIn({ name: night, results }: Night): readonly Seen[] {
  return results.flatMap((result) => {
    const print = fingerprintOf(result);
    return print ? [{ night, result, print }] : [];
  });
}

function failureOf(
  seen: readonly Seen[],
  tonight: string,
  quarantine: readonly QuarantineEntry[],
): readonly NightFailure[] {
  const now = seen.filter(({ night }) => night === tonight);
  const [one] = now;
  if (!one) return [];
  const { id, parts } = one.print;
  return [
    {
      fingerprint: id,
      parts,
      verdict: one.result.verdict === 'fail' ? 'fail' : 'inconclusive',
      reason: one.result.reason,
      rows: [...new Set(now.map(({ result }) => result.row))],
      first: seen[0]?.night ?? tonight,
      before: seen.findLast(({ night }) => night !== tonight)?.night ?? null,
      count: seen.length,
      nights: new Set(seen.map(({ night }) => night)).size,
      quarantine: quarantine.find((entry) => entry.fingerprint === id && !isExpired(entry, tonight)) ?? null,
    },
  ];
}

/** What is new and nobody knows of, first. */
function byWeight(a: NightFailure, b: NightFailure): number {
  const weight = ({ verdict, quarantine, before }: NightFailure): number =>
    (quarantine ? 4 : 0) + (verdict === 'fail' ? 0 : 2) + (before === null ? 0 : 1);
  return weight(a) - weight(b) || b.rows.length - a.rows.length || (a.fingerprint < b.fingerprint ? -1 : 1);
}

/** Every entry with what it is worth tonight: one that holds nothing back can go, one that is over has to. */
export function quarantineTonight(
  quarantine: readonly QuarantineEntry[],
  failures: readonly NightFailure[],
  night: string,
): NightReport['quarantine'] {
  return quarantine.map((entry) => {
    const isThere = failures.some(({ fingerprint }) => fingerprint === entry.fingerprint);
    return { ...entry, state: isExpired(entry, night) ? 'expired' : isThere ? 'holds' : 'idle' };
  });
}
