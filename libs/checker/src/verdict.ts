/** The verdict: what verdict.json holds. Versioned; its JSON schema is `verdict.schema.json`, generated from here. */
import type { Cell, SampleClass, Substrate } from '@faultline/history';

export const VERDICT_VERSION = 1;

export type Outcome = 'pass' | 'fail' | 'inconclusive';

/** An estimate with its error bound, milliseconds. */
export interface Interval {
  readonly low: number;
  readonly estimate: number;
  readonly high: number;
}

export interface Outage {
  readonly probe: string;
  /** Milliseconds from the begin of the measurement. */
  readonly begin: number;
  /** Null: still out when the measurement ended. */
  readonly end: number | null;
  /** Last good to first good, and its bound; for one that never ended: how long it was watched, `high` is Infinity written as null. */
  readonly duration: { readonly low: number; readonly estimate: number; readonly high: number | null };
  /** The other estimator: lost samples / rate, milliseconds. */
  readonly byLoss: number;
  readonly lost: number;
  /** The outage split where the class changes. */
  readonly parts: readonly { readonly result: SampleClass; readonly begin: number; readonly end: number; readonly lost: number }[];
}

export interface Window {
  readonly window: 'before' | 'during' | 'after';
  readonly sent: number;
  readonly lost: number;
  readonly byClass: Readonly<Partial<Record<SampleClass, number>>>;
  /** Latency of good samples, milliseconds, from intended time; null where there are too few for the quantile. */
  readonly latency: { readonly count: number; readonly p50: number | null; readonly p90: number | null; readonly p99: number | null; readonly max: number | null };
}

export interface ProbeMeasure {
  readonly probe: string;
  readonly layer: string;
  readonly what: string;
  readonly rateHz: number;
  readonly windows: readonly Window[];
  readonly outages: readonly Outage[];
  /** Fault in force -> first of N good samples in a row after the first loss; null: nothing lost, or never recovered. */
  readonly failover: Interval | null;
  readonly answeredBy: Readonly<Record<string, number>>;
  readonly latenessMs: { readonly p50: number; readonly p99: number; readonly max: number } | null;
}

export interface Milestone {
  /** Milliseconds from the fault in force; an interval where the instant is only known to lie in one. */
  readonly at: Interval;
  /** e.g. `fault in force`, `new owner`, `first gratuitous ARP`, `first TCP`, `first HTTP`, `NotReady`. */
  readonly what: string;
}

export interface CheckResult {
  readonly check: string;
  readonly outcome: Outcome;
  /** One sentence with the figures. */
  readonly reason: string;
}

export interface Verdict {
  readonly version: number;
  readonly run: string;
  readonly scenario: string;
  readonly cell: Cell;
  readonly substrate: Substrate;
  readonly outcome: Outcome;
  /** One sentence: what decided it. */
  readonly reason: string;
  readonly checks: readonly CheckResult[];
  readonly probes: readonly ProbeMeasure[];
  readonly milestones: readonly Milestone[];
  readonly seed: number;
  readonly command: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly commit: string | null;
  readonly dirty: boolean;
}
