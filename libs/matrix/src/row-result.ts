/** What became of a row, as a line of results.ndjson: of a run that was judged, of one that died, of one that never was. */
import { mainProbe, type Verdict } from '@faultline/checker';
import type { Stamped } from '@faultline/history';
import type { Row } from './plan-night.ts';
import { RESULT_VERSION, type Figure, type Result, type Skip } from './result.ts';

/** What is known of it whatever came of it. Times in milliseconds, `started` since 1970. */
export interface Circumstances {
  readonly started: number;
  readonly durationMs: number;
  readonly bootMs?: number | undefined;
  readonly host: string;
  readonly commit: string | null;
  /** Relative to the night's folder; null: nothing was written. */
  readonly folder: string | null;
}

type Told = Pick<Result, 'verdict' | 'reason'> & Partial<Pick<Result, 'skip' | 'figures' | 'class' | 'lastEvent'>>;

function line({ id, cell }: Row, where: Circumstances, told: Told): Result {
  return {
    version: RESULT_VERSION,
    row: id,
    scenario: cell.scenario,
    cell: { ...cell },
    repeat: null,
    skip: null,
    figures: [],
    class: '',
    lastEvent: null,
    ...where,
    ...told,
  };
}

/** A run that was judged. */
export function judgedResult(
  row: Row,
  { verdict, events }: { readonly verdict: Verdict; readonly events: readonly Stamped[] },
  where: Circumstances,
): Result {
  const { outcome, reason } = verdict;
  return line(row, where, {
    verdict: outcome,
    reason,
    figures: figuresOf(verdict),
    class: classOf(verdict),
    lastEvent: lastEventOf(events),
  });
}

/** A run of which nobody knows how it ended: its process died, or its cluster never came up. */
export function crashedResult(
  row: Row,
  { reason, events = [], kind = 'crash' }: { reason: string; events?: readonly Stamped[]; kind?: 'crash' | 'boot' },
  where: Circumstances,
): Result {
  return line(row, where, { verdict: 'inconclusive', reason, class: kind, lastEvent: lastEventOf(events) });
}

export function skippedResult(
  row: Row,
  { skip, reason }: { skip: Skip; reason: string },
  where: Circumstances,
): Result {
  return line(row, where, { verdict: 'skip', reason, skip });
}

/**
 * What is followed from night to night: every probe's failover time, and the longest outage of the probe that the question
 * is about. What has not ended has none, nor has what was doubtful.
 */
function figuresOf({ outcome, probes, envelope }: Verdict): readonly Figure[] {
  if (outcome === 'inconclusive') return [];
  const promised = envelope && {
    low: envelope.atLeastMs,
    median: envelope.medianMs,
    high: envelope.atMostMs,
  };
  const failovers = probes.flatMap(({ probe, failover }) => {
    const expected = envelope?.probe === probe ? promised : null;
    return failover && failover.estimate > 0
      ? [{ name: `failover ${probe}`, measured: failover.estimate, expected }]
      : [];
  });
  const main = mainProbe(probes);
  const outage = main?.worst?.end === null ? undefined : main?.worst?.duration.estimate;
  return outage !== undefined && outage > 0
    ? [...failovers, { name: `outage ${main?.probe}`, measured: outage, expected: null }]
    : failovers;
}

/** The check that decided it, and what clients lost most: `failover edge-http-new: timeout`. */
export function classOf({ outcome, checks, probes }: Verdict): string {
  if (outcome === 'pass') return '';
  const decided = checks.find((check) => check.outcome === outcome)?.check ?? 'nothing was checked';
  const lost = probes.find(({ probe }) => decided.includes(probe))?.struck?.byClass ?? {};
  const [most] = Object.entries(lost)
    .filter(([result]) => result !== 'ok' && result !== 'late')
    .toSorted(([, a], [, b]) => b - a);
  return most ? `${decided}: ${most[0]}` : decided;
}

/** Samples and packets say nothing about how far it came. */
const CHATTER = ['samples', 'arp', 'neighbour', 'watch', 'stream', 'probe.end'];

function lastEventOf(events: readonly Stamped[]): Result['lastEvent'] {
  const last = events.findLast(({ type }) => !CHATTER.includes(type));
  if (!last) return null;
  const { type, seq: _seq, at: _at, wall: _wall, ...said } = last;
  const words = Object.values(said).filter((value) => typeof value === 'string');
  return { type, detail: words.join(' ') };
}
