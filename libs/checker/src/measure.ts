/** What each probe measured: its windows, outages, episodes, failover time and its own lateness. */
import { MILLISECOND, type Nanoseconds, type SampleRow } from '@faultline/history';
import type { Facts, ProbeFacts } from './facts.ts';
import {
  episodeEdges,
  episodeOf,
  episodeRuns,
  outageOf,
  seriesOf,
  type Edges,
  type EpisodeRun,
  type LostRun,
  type Series,
} from './outage.ts';
import { ascending, milliseconds, nearestRank, quantile, tally } from './statistics.ts';
import type { Interval, ProbeMeasure, Window } from './verdict.ts';

const MOST_OUTAGES = 20;

/** When the disturbance was: from the first fault's injection to the last healing. Infinity: not in this history. */
export interface Disturbance {
  readonly begin: Nanoseconds;
  /** From here on it is certainly in force. */
  readonly inForce: Nanoseconds;
  /** The last healing begins, and is done. */
  readonly healBegin: Nanoseconds;
  readonly healed: Nanoseconds;
}

export function disturbance({ faults }: Facts): Disturbance {
  const [first] = faults;
  const latest = (edge: 'begin' | 'end'): Nanoseconds =>
    faults.length === 0 ? Infinity : Math.max(...faults.map(({ heal }) => heal?.[edge] ?? Infinity));
  return {
    begin: first?.inject.begin ?? Infinity,
    inForce: first?.inject.end ?? Infinity,
    healBegin: latest('begin'),
    healed: latest('end'),
  };
}

/** A probe with its series and the episode that the fault caused: what checks and milestones start from. */
export interface Observed {
  readonly probe: ProbeFacts;
  readonly series: Series;
  readonly episodes: readonly EpisodeRun[];
  /** What the fault, or its healing, did: the episodes from its begin to the end of the watch, in order of time. */
  readonly caused: readonly EpisodeRun[];
  /** Of those that began while the fault was there, the one that lost most. */
  readonly struck: EpisodeRun | undefined;
  /** Of the outages within it, the longest. */
  readonly worst: LostRun | undefined;
}

export function observed(probe: ProbeFacts, origin: Nanoseconds, when: Disturbance): Observed {
  const { name, rateHz, timeoutMs } = probe.description;
  const series = seriesOf(probe.rows, { probe: name, rateHz, origin });
  const episodes = episodeRuns(series);
  const sent = (index: number): Nanoseconds => series.rows[index]?.[2] ?? 0;
  const caused = episodes
    .filter((run) => sent(run.last) >= when.begin)
    .flatMap((run) => causedPart(series, run, { since: when.begin - timeoutMs * MILLISECOND, begin: when.begin }));
  const most = largest(
    caused.filter(({ run }) => sent(run.first) < when.healBegin),
    ({ run }) => run.lost,
  );
  const worst = largest(most?.parts ?? [], ({ first, last }) => last - first);
  return { probe, series, episodes, caused: caused.map(({ run }) => run), struck: most?.run, worst };
}

interface Caused {
  readonly run: EpisodeRun;
  readonly parts: readonly LostRun[];
}

/**
 * What of an episode the fault did. A request that was on its way when the fault struck was sent before it (`since`). An
 * outage that had begun by then, by chance or because the host was busy, is the fault's from its `begin` on.
 */
function causedPart(series: Series, run: EpisodeRun, { since, begin }: { since: number; begin: number }): Caused[] {
  const sent = (index: number): Nanoseconds => series.rows[index]?.[2] ?? 0;
  const within = series.runs.filter(({ first, last }) => first >= run.first && last <= run.last);
  const parts = within.flatMap((part) => (sent(part.first) >= since ? [part] : laterPart(series, part, begin)));
  const [first] = parts;
  if (!first) return [];
  const lost = parts.reduce((sum, part) => sum + part.lost, 0);
  return [{ run: { ...run, first: first.first, lost, outages: parts.length }, parts }];
}

/** The outage without the samples sent before the instant; none where that is all of it. */
function laterPart({ rows }: Series, { first, last }: LostRun, begin: Nanoseconds): readonly LostRun[] {
  const isLost = (row: SampleRow): boolean => row[2] >= begin && row[4] !== 'ok';
  const lost = rows.slice(first, last + 1).filter(isLost).length;
  return lost === 0 ? [] : [{ first: first + rows.slice(first, last + 1).findIndex(isLost), last, lost }];
}

function largest<T>(items: readonly T[], sizeOf: (item: T) => number): T | undefined {
  return items.reduce<T | undefined>(
    (best, item) => (best === undefined || sizeOf(item) > sizeOf(best) ? item : best),
    undefined,
  );
}

/** @param since the fault that the failover counts from; the first one unless told. */
export function measureOf(
  { probe, series, episodes, struck, worst }: Observed,
  when: Disturbance,
  since: Disturbance = when,
): ProbeMeasure {
  const { name, layer, what, from, to, rateHz } = probe.description;
  const longest = series.runs.toSorted((a, b) => b.last - b.first - (a.last - a.first)).slice(0, MOST_OUTAGES);
  return {
    probe: name,
    layer,
    what,
    from,
    to,
    rateHz,
    windows: windows(probe.rows, when),
    outages: longest.toSorted((a, b) => a.first - b.first).map((run) => outageOf(series, run)),
    episodes: episodes.map((run) => episodeOf(series, run)),
    struck: struck ? episodeOf(series, struck) : null,
    worst: worst ? outageOf(series, worst) : null,
    failover: struck ? failover(episodeEdges(series, struck), since) : null,
    answeredBy: answersOf(probe.rows),
    latenessMs: lateness(probe.rows),
  };
}

/** Fault in force to service back. The fault was becoming active from `begin` on, so that is what the upper bound counts from. */
export function failover({ up, estimate }: Edges, { begin, inForce }: Disturbance): Interval | null {
  if (!up || !Number.isFinite(inForce)) return null;
  return around(up[0] - inForce, estimate[1] - inForce, up[1] - begin);
}

/** An interval in milliseconds; a time from the fault to its consequence is never negative. */
export function around(low: Nanoseconds, estimate: Nanoseconds, high: Nanoseconds): Interval {
  const bounded = [low, Math.min(high, Math.max(low, estimate)), high].map((ns) => milliseconds(Math.max(0, ns)));
  return { low: bounded[0] ?? 0, estimate: bounded[1] ?? 0, high: bounded[2] ?? 0 };
}

/** Before the fault, while it was (becoming or ceasing to be) active, and after healing. Empty windows are left out. */
export function windows(rows: readonly SampleRow[], when: Disturbance): readonly Window[] {
  const cut = {
    before: rows.filter((row) => row[1] < when.begin),
    during: rows.filter((row) => row[1] >= when.begin && row[1] < when.healed),
    after: rows.filter((row) => row[1] >= when.healed),
  };
  return (['before', 'during', 'after'] as const)
    .filter((name) => cut[name].length > 0)
    .map((name) => windowOf(name, cut[name]));
}

function windowOf(window: Window['window'], all: readonly SampleRow[]): Window {
  const rows = all.filter((row) => row[4] !== 'late');
  const good = rows.filter((row) => row[4] === 'ok');
  const latencies = ascending(good.map(([, intended, sent, duration]) => (sent - intended + duration) / MILLISECOND));
  const printed = (q: number): number | null => {
    const value = quantile(latencies, q);
    return value === null ? null : Math.round(value * 1e3) / 1e3;
  };
  return {
    window,
    sent: rows.length,
    lost: rows.length - good.length,
    byClass: tally(all.map((row) => row[4])),
    latency: {
      count: good.length,
      p50: printed(0.5),
      p90: printed(0.9),
      p99: printed(0.99),
      max: latencies.at(-1) ?? null,
    },
    answeredBy: answersOf(rows),
  };
}

function answersOf(rows: readonly SampleRow[]): Readonly<Record<string, number>> {
  return tally(rows.flatMap((row) => (row[5] === null ? [] : [row[5]]))) as Record<string, number>;
}

/** The prober's own: sent minus intended. What was never sent counts with the time at which it was given up. */
export function lateness(rows: readonly SampleRow[]): ProbeMeasure['latenessMs'] {
  if (rows.length === 0) return null;
  const late = ascending(rows.map((row) => Math.max(0, row[2] - row[1])));
  return {
    p50: milliseconds(nearestRank(late, 0.5)),
    p99: milliseconds(nearestRank(late, 0.99)),
    max: milliseconds(late.at(-1) ?? 0),
  };
}
