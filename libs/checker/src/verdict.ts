/** The verdict: what verdict.json holds. Versioned; its JSON schema is `verdict.schema.json`, generated from `schema.ts`. */
import type { Cell, SampleClass, Substrate } from '@faultline/history';

/** 2: the timeline of a failover, who owned the address, what the load balancer promises, and which of several runs it is. */
export const VERDICT_VERSION = 2;

export type Outcome = 'pass' | 'fail' | 'inconclusive';

/** An estimate with its error bound, milliseconds. */
export interface Interval {
  readonly low: number;
  readonly estimate: number;
  readonly high: number;
}

/** A duration that may not have ended: then `estimate` is how long it was watched, and `high` is Infinity written as null. */
export interface OpenInterval {
  readonly low: number;
  readonly estimate: number;
  readonly high: number | null;
}

export type ByClass = Readonly<Partial<Record<SampleClass, number>>>;

/** A stretch of an outage in which clients saw the same. `result` is the class seen most. Milliseconds as in Outage. */
export interface Part {
  readonly result: SampleClass;
  readonly begin: number;
  readonly end: number;
  readonly lost: number;
  /** More than one class only where they alternate too fast to be told apart (a rate-limited ICMP error among timeouts). */
  readonly byClass: ByClass;
}

/** Contiguous lost samples. */
export interface Outage {
  readonly probe: string;
  /** Milliseconds from the begin of the measurement. */
  readonly begin: number;
  /** Null: still out when the measurement ended. */
  readonly end: number | null;
  /** Last good to first good, and its bound; for one that never ended: how long it was watched, `high` is Infinity written as null. */
  readonly duration: OpenInterval;
  /** The other estimator: lost samples / rate, milliseconds. */
  readonly byLoss: number;
  readonly lost: number;
  /** The outage split where the class changes. */
  readonly parts: readonly Part[];
}

/**
 * From the first lost sample to the first of N good ones in a row: one outage, or many of them that are one story (a dead
 * endpoint behind a balancing Service loses every third request for a minute: one episode with a share, 900 outages).
 */
export interface Episode {
  readonly probe: string;
  /** Milliseconds from the begin of the measurement. */
  readonly begin: number;
  /** Null: no N good samples in a row until the measurement ended. */
  readonly end: number | null;
  readonly duration: OpenInterval;
  /** Lost samples / rate, milliseconds. With a share below 1 it is the time's worth of requests lost, not its length. */
  readonly byLoss: number;
  readonly sent: number;
  readonly lost: number;
  /** Of the samples between the first loss and the last one; 1 is total loss. */
  readonly share: number;
  /** How many outages it consists of. */
  readonly outages: number;
  readonly byClass: ByClass;
}

export interface Window {
  readonly window: 'before' | 'during' | 'after';
  readonly sent: number;
  readonly lost: number;
  readonly byClass: ByClass;
  /** Latency of good samples, milliseconds, from intended time; null where there are too few for the quantile. */
  readonly latency: {
    readonly count: number;
    readonly p50: number | null;
    readonly p90: number | null;
    readonly p99: number | null;
    readonly max: number | null;
  };
  /** Who answered, and how often. */
  readonly answeredBy: Readonly<Record<string, number>>;
}

export interface ProbeMeasure {
  readonly probe: string;
  readonly layer: string;
  readonly what: string;
  readonly from: string;
  readonly to: string;
  readonly rateHz: number;
  readonly windows: readonly Window[];
  /** The longest ones, at most 20, in order of time. */
  readonly outages: readonly Outage[];
  readonly episodes: readonly Episode[];
  /** What the fault did to it: of the episodes while it was there, from when it began to be, the one that lost most. */
  readonly struck: Episode | null;
  /** The longest outage of that. */
  readonly worst: Outage | null;
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
  /** Who, or by which probe: `node agent-0`, `edge-http-new`. */
  readonly detail: string;
}

/** The stages of a failover, in the order that makes sense. */
export const STAGES = [
  'fault in force',
  'detected',
  'new owner',
  'first gratuitous ARP',
  'neighbour updated',
  'first UDP',
  'first TCP',
  'first HTTP',
  'steady',
] as const;
export type Stage = (typeof STAGES)[number];

/** One stage of the failover: when, or why it has no time. */
export interface StageTime {
  readonly stage: Stage;
  /** Milliseconds from the fault in force; null: missing, and `detail` names the reason. */
  readonly at: Interval | null;
  readonly detail: string;
  /** Missing as it must be: because of how the load balancer works, of what the plan left out, or because nothing was lost. */
  readonly excused?: true;
}

/** What the load balancer promises, and the probe that is judged by it. The bounds hold the prober's margin; the median does not. */
export interface Envelope {
  readonly probe: string;
  readonly atLeastMs: number;
  readonly medianMs: number;
  readonly atMostMs: number;
  readonly formula: string;
}

/** Who answered who-has for the clients' address: stretches of the same set of owners. Milliseconds from the begin of the measurement. */
export interface Ownership {
  /** Node names, or MAC addresses of strangers, sorted; empty: nobody. */
  readonly owners: readonly string[];
  readonly begin: number;
  readonly end: number;
  /** Questions asked in this stretch. */
  readonly asked: number;
}

/** One disturbance as it happened, milliseconds from the begin of the measurement. */
export interface FaultMeasure {
  readonly fault: string;
  readonly kind: string;
  readonly nodes: readonly string[];
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  /** It was becoming active between these two, and in force after the second. */
  readonly injectBegin: number;
  readonly inForce: number | null;
  readonly healBegin: number | null;
  readonly healed: number | null;
}

/** One ordered pair of nodes; lost share before, during and after, null where nothing was sent. */
export interface MatrixPair {
  readonly from: string;
  readonly to: string;
  readonly before: number | null;
  readonly during: number | null;
  readonly after: number | null;
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
  readonly substrateReason: string;
  readonly outcome: Outcome;
  /** One sentence: what decided it. */
  readonly reason: string;
  /** One sentence: what clients saw. */
  readonly headline: string;
  readonly checks: readonly CheckResult[];
  readonly faults: readonly FaultMeasure[];
  /** Which of several the times count from: what struck, failovers, milestones, timeline. Absent: the first one. */
  readonly subject?: string;
  readonly probes: readonly ProbeMeasure[];
  readonly milestones: readonly Milestone[];
  /** Every stage of the failover once, also the missing ones; empty where no fault struck the announcer. */
  readonly timeline: readonly StageTime[];
  /** Empty where nobody was asked. */
  readonly ownership: readonly Ownership[];
  /** Which of several on one cluster; null: a run of its own. */
  readonly repeat: { readonly set: string; readonly index: number; readonly of: number } | null;
  /** What the load balancer promises, where the scenario asked for it. */
  readonly envelope: Envelope | null;
  /** Pod to pod; empty where no such probe ran. */
  readonly matrix: readonly MatrixPair[];
  readonly seed: number;
  readonly command: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly commit: string | null;
  readonly dirty: boolean;
}
