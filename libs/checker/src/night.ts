/** A night: what became of every row of the matrix, and what is new since the nights before. What night.json holds. */
import type { Cell } from '@faultline/history';
import type { Outcome } from './verdict.ts';

export const NIGHT_REPORT_VERSION = 1;

export type RowVerdict = Outcome | 'skip';

/** Worst first. */
export const ROW_VERDICTS: readonly RowVerdict[] = ['fail', 'inconclusive', 'pass', 'skip'];

/** A row in one night. Of several runs the worst verdict, and the time of all. */
export interface RowNight {
  readonly verdict: RowVerdict;
  readonly durationMs: number;
}

/** Where a series changed. */
export interface SeriesChange {
  /** The first night after it. */
  readonly night: string;
  /** What times are multiplied by since: 1.1 is 10 % slower. */
  readonly factor: number;
  /** The probability that it is chance, by a t-test of this place alone. */
  readonly chance: number;
  /** Nobody was told of it in a night before this one. */
  readonly isNew: boolean;
  /** What was measured on the two sides of it; null where that is not known. */
  readonly commits: readonly [before: string | null, after: string | null];
  readonly hosts: readonly [before: string, after: string];
}

/** A measured time, night by night. */
export interface NightFigure {
  readonly name: string;
  /** Tonight's: the geometric mean of its runs, milliseconds; null where it has none. */
  readonly measuredMs: number | null;
  readonly runs: number;
  readonly expected: { readonly low: number; readonly median: number; readonly high: number } | null;
  /** Measured / expected, for each night shown; where nothing is expected, measured over the median of all nights. */
  readonly past: readonly (number | null)[];
  /** The last of the series within the nights shown. */
  readonly change: SeriesChange | null;
}

export interface NightRow extends RowNight {
  readonly row: string;
  readonly scenario: string;
  readonly cell: Cell;
  readonly reason: string;
  readonly runs: readonly { readonly folder: string | null; readonly verdict: RowVerdict }[];
  /** Of its worst run's failure. */
  readonly fingerprint: string | null;
  readonly isQuarantined: boolean;
  /** For each night shown, this one last; null where it was not planned. */
  readonly past: readonly (RowNight | null)[];
  readonly figures: readonly NightFigure[];
}

/** One failure, wherever it struck tonight. */
export interface NightFailure {
  readonly fingerprint: string;
  readonly parts: readonly [scenario: string, failure: string, last: string];
  readonly verdict: 'fail' | 'inconclusive';
  /** Of the first row. */
  readonly reason: string;
  readonly rows: readonly string[];
  /** Nights of the whole history. */
  readonly first: string;
  /** The last night before this one; null: it is new. */
  readonly before: string | null;
  /** Runs of the whole history that ended so, and in how many nights. */
  readonly count: number;
  readonly nights: number;
  readonly quarantine: QuarantineEntry | null;
}

/** A failure that somebody knows of: shown, and no alarm until it expires. */
export interface QuarantineEntry {
  readonly fingerprint: string;
  readonly owner: string;
  readonly reason: string;
  /** The last night on which it holds, a date. */
  readonly until: string;
}

/** Rows that share a load balancer share its timers, whatever struck: their figure, freed of what sets one row apart. */
export interface Mechanism {
  readonly loadBalancer: string;
  readonly rows: number;
  readonly figure: NightFigure;
}

/** What nobody knows of tonight, and why. */
export interface Untested {
  readonly skips: readonly { readonly capability: string; readonly reason: string; readonly rows: readonly string[] }[];
  /** The night was over before their turn came. */
  readonly beyondBudget: readonly string[];
  /** In the night before, and not in this one. */
  readonly gone: readonly string[];
  /** Shards that did not hand in: `2of4`. */
  readonly shards: readonly string[];
}

export interface NightReport {
  readonly version: number;
  readonly night: string;
  /** Names of the nights shown, oldest first, this one last. */
  readonly nights: readonly string[];
  readonly outcome: Outcome;
  /** Why somebody has to look; the night fails by each. */
  readonly alarms: readonly string[];
  /** Why it is not known that all is well. */
  readonly doubts: readonly string[];
  readonly counts: Readonly<Record<RowVerdict, number>>;
  readonly durationMs: number;
  readonly rows: readonly NightRow[];
  readonly failures: readonly NightFailure[];
  /** Failed or in doubt when they ran last, and passed tonight. */
  readonly recovered: readonly { readonly row: string; readonly was: RowVerdict; readonly night: string }[];
  readonly mechanisms: readonly Mechanism[];
  readonly untested: Untested;
  readonly quarantine: readonly (QuarantineEntry & { readonly state: 'holds' | 'idle' | 'expired' })[];
  readonly unreadable: readonly { readonly place: string; readonly why: string }[];
  readonly commits: readonly string[];
  readonly hosts: readonly string[];
}
