/**
 * Outage arithmetic: from rows to outages and episodes, each with a bound that holds the truth.
 *
 * What one sample says, with `sent` the instant just before it left:
 * - a good one: the service worked at some instant between `sent` and its answer, `sent + duration`;
 * - a lost one: it met the outage after `sent`, at the latest one usual round trip after it.
 * So the service went down after the last good sample was sent, and before the first lost one met the outage; it came back
 * after the last lost one was sent, and before the first good one was answered. That is the bound. It uses real send
 * times, so a late prober widens it by itself. Samples that were never sent (`late`) say nothing, and leave a wider gap
 * between their neighbours.
 */
import { SECOND, type Nanoseconds, type SampleClass, type SampleRow } from '@faultline/history';
import { sorted } from './facts.ts';
import { milliseconds, tally } from './statistics.ts';
import type { Episode, OpenInterval, Outage, Part } from './verdict.ts';

/** Recovered: this many good samples in a row, and for at least this long. With a third of the requests lost, ten in a row come by luck. */
export const RECOVERY: { readonly good: number; readonly lasting: Nanoseconds } = { good: 10, lasting: SECOND };
/** Fewer good samples in a row than RECOVERY.good do not end an outage, as long as at least this share of it is lost. */
const NEARLY_ALL = 0.9;
/** How far back the usual round trip is looked for. */
const LOOK_BACK = 2 * SECOND;
/** The bound of a lossy episode misses the truth on each side with at most this probability. */
const DOUBT = 0.025;
/** An outage whose classes change more often than this is described by stretches of MIX_STRETCH. */
const MOST_PARTS = 8;
const MIX_STRETCH = 2 * SECOND;

export interface Instrument {
  readonly probe: string;
  readonly rateHz: number;
  /** Zero of the milliseconds that come out. */
  readonly origin: Nanoseconds;
}

/** From the first lost sample to the last one (both inclusive), by their place in the rows of a probe. */
export interface LostRun {
  readonly first: number;
  readonly last: number;
  readonly lost: number;
}

export interface Series {
  readonly instrument: Instrument;
  /** Sorted, without those that were never sent. */
  readonly rows: readonly SampleRow[];
  readonly runs: readonly LostRun[];
}

export function seriesOf(all: readonly SampleRow[], instrument: Instrument): Series {
  const rows = sorted(all).filter((row) => row[4] !== 'late');
  return { instrument, rows, runs: lostRuns(rows) };
}

function lostRuns(rows: readonly SampleRow[]): readonly LostRun[] {
  const runs: LostRun[] = [];
  rows.forEach((row, index) => {
    if (row[4] === 'ok') return;
    const open = runs.at(-1);
    const isSame =
      open && index - open.last <= RECOVERY.good && (open.lost + 1) / (index - open.first + 1) >= NEARLY_ALL;
    if (isSame) Object.assign(open, { last: index, lost: open.lost + 1 });
    else runs.push({ first: index, last: index, lost: 1 });
  });
  return runs;
}

/** Every outage of a probe, in order of time: contiguous lost samples. */
export function outages(rows: readonly SampleRow[], instrument: Instrument): readonly Outage[] {
  const series = seriesOf(rows, instrument);
  return series.runs.map((run) => outageOf(series, run));
}

export function outageOf(series: Series, run: LostRun): Outage {
  const { instrument, rows } = series;
  const edges = edgesOf(series, run);
  const lost = rows.slice(run.first, run.last + 1).filter((row) => row[4] !== 'ok');
  return {
    probe: instrument.probe,
    begin: milliseconds(edges.estimate[0] - instrument.origin),
    end: edges.up && milliseconds(edges.estimate[1] - instrument.origin),
    duration: durationOf(edges),
    byLoss: milliseconds((run.lost / instrument.rateHz) * SECOND),
    lost: run.lost,
    parts: partsOf(lost, edges, instrument.origin),
  };
}

export interface Edges {
  /** The service went down between these two. */
  readonly down: readonly [earliest: Nanoseconds, latest: Nanoseconds];
  /** It came back between these two; null where it did not while it was watched. */
  readonly up: readonly [earliest: Nanoseconds, latest: Nanoseconds] | null;
  /** Half-way between the last good sample and the first lost one, and again at the other end: no bias. */
  readonly estimate: readonly [down: Nanoseconds, up: Nanoseconds];
  /** When the last sample was sent: an outage without end was watched until here. */
  readonly watched: Nanoseconds;
}

/** @param reach how many good samples the loss may hide behind on either side: 1 for total loss, more for a share. */
export function edgesOf({ rows }: Series, run: LostRun, reach = 1): Edges {
  const sent = (index: number): Nanoseconds => rows[Math.min(rows.length - 1, Math.max(0, index))]?.[2] ?? 0;
  const done = (index: number): Nanoseconds => sent(index) + (rows[index]?.[3] ?? 0);
  const after = Math.min(rows.length - 1, run.last + reach);
  return {
    down: [sent(run.first - reach), Math.min(sent(run.first) + roundTrip(rows, run.first), done(run.first))],
    up: after > run.last ? [sent(run.last), done(after)] : null,
    estimate: [(sent(run.first - 1) + sent(run.first)) / 2, (sent(run.last) + sent(run.last + 1)) / 2],
    watched: sent(rows.length - 1),
  };
}

/** The slowest good answer just before: by then the first lost sample has met the outage. Its own timeout says so much later. */
function roundTrip(rows: readonly SampleRow[], first: number): Nanoseconds {
  const since = (rows[first]?.[2] ?? 0) - LOOK_BACK;
  let slowest = 0;
  for (let index = first - 1; index >= 0; index--) {
    const [, , sent, duration, result] = rows[index] as SampleRow;
    if (sent < since) break;
    if (result === 'ok') slowest = Math.max(slowest, duration);
  }
  return slowest;
}

/** The estimate is from half-way to half-way: last good to first good is one interval too long. */
function durationOf({ down, up, estimate, watched }: Edges): OpenInterval {
  if (!up)
    return {
      low: milliseconds(Math.max(0, watched - down[1])),
      estimate: milliseconds(watched - estimate[0]),
      high: null,
    };
  const low = Math.max(0, up[0] - down[1]);
  const high = up[1] - down[0];
  const best = Math.min(high, Math.max(low, estimate[1] - estimate[0]));
  return { low: milliseconds(low), estimate: milliseconds(best), high: milliseconds(high) };
}

/** Where the class changes a new part begins; a mix that changes all the time is cut into stretches with the same classes. */
function partsOf(lost: readonly SampleRow[], edges: Edges, origin: Nanoseconds): readonly Part[] {
  const begin = lost[0]?.[1] ?? 0;
  const stretch = (row: SampleRow): number => Math.floor((row[1] - begin) / MIX_STRETCH);
  const exact = grouped(lost, (row) => row[4]);
  const groups =
    exact.length <= MOST_PARTS ? exact : grouped(grouped(lost, stretch), classesIn).map((same) => same.flat());
  const beginOf = (index: number): Nanoseconds => (index === 0 ? edges.estimate[0] : (groups[index]?.[0]?.[2] ?? 0));
  const end = edges.up ? edges.estimate[1] : edges.watched;
  return groups.map((group, index) => {
    const byClass = tally(group.map((row) => row[4]));
    return {
      result: Object.keys(byClass)[0] as SampleClass,
      begin: milliseconds(beginOf(index) - origin),
      end: milliseconds((index === groups.length - 1 ? end : beginOf(index + 1)) - origin),
      lost: group.length,
      byClass,
    };
  });
}

function classesIn(rows: readonly SampleRow[]): string {
  return [...new Set(rows.map((row) => row[4]))].toSorted().join('+');
}

/** Neighbours with the same key, together. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string | number): T[][] {
  const groups: T[][] = [];
  let current: string | number | undefined;
  for (const item of items) {
    const key = keyOf(item);
    if (key !== current) groups.push([]);
    groups.at(-1)?.push(item);
    current = key;
  }
  return groups;
}

export interface EpisodeRun extends LostRun {
  readonly outages: number;
  /** Too few good samples after the last loss to say that it recovered. */
  readonly open: boolean;
}

/** Runs of loss with no recovery between them, as one run each. */
export function episodeRuns({ rows, runs, instrument }: Series): readonly EpisodeRun[] {
  const needed = Math.max(RECOVERY.good, Math.ceil((instrument.rateHz * RECOVERY.lasting) / SECOND));
  const episodes: (LostRun & { outages: number })[] = [];
  for (const run of runs) {
    const open = episodes.at(-1);
    const isSame = open && run.first - open.last - 1 < needed;
    if (isSame) Object.assign(open, { last: run.last, lost: open.lost + run.lost, outages: open.outages + 1 });
    else episodes.push({ ...run, outages: 1 });
  }
  return episodes.map((episode) => ({ ...episode, open: rows.length - 1 - episode.last < needed }));
}

export function episodeOf(series: Series, run: EpisodeRun): Episode {
  const { instrument, rows } = series;
  const edges = episodeEdges(series, run);
  const within = rows.slice(run.first, run.last + 1);
  return {
    probe: instrument.probe,
    begin: milliseconds(edges.estimate[0] - instrument.origin),
    end: edges.up && milliseconds(edges.estimate[1] - instrument.origin),
    duration: durationOf(edges),
    byLoss: milliseconds((run.lost / instrument.rateHz) * SECOND),
    sent: within.length,
    lost: run.lost,
    share: run.lost / within.length,
    outages: run.outages,
    byClass: tally(within.map((row) => row[4]).filter((result) => result !== 'ok')),
  };
}

/** As those of an outage, wider by the good samples that a share may hide behind; no upper edge where it did not recover. */
export function episodeEdges(series: Series, run: EpisodeRun): Edges {
  const edges = edgesOf(series, run, hiddenBehind(run.lost / (run.last - run.first + 1)));
  return run.open ? { ...edges, up: null } : edges;
}

/** Good samples that may, by luck, stand between the true begin and the first loss when only a share is lost. */
export function hiddenBehind(share: number): number {
  return share >= 1 ? 1 : Math.max(1, Math.ceil(Math.log(DOUBT) / Math.log(1 - share)));
}
