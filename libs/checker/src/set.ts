/** Several runs of one cell, summarised: what `--repeat` writes as set.json, and what `compare` reads. */
import type { Cell } from '@faultline/history';
import type { Envelope, Outcome, Stage } from './verdict.ts';

export const SET_VERSION = 1;

/** A sample of one quantity, milliseconds. */
export interface Distribution {
  /** In the order of the runs. */
  readonly values: readonly number[];
  readonly median: number;
  /** Distribution-free (order statistics) interval of the median, and its exact coverage; null where the sample is too small for 95 %. */
  readonly interval: { readonly low: number; readonly high: number; readonly coverage: number } | null;
  readonly least: number;
  readonly most: number;
  /** Null unless the sample allows it (29 values). */
  readonly p90: number | null;
}

/** What the fault did to one probe over the runs. */
export interface ProbeDistribution {
  readonly probe: string;
  readonly layer: string;
  /** Longest outage that the fault caused. Runs in which it had not ended when the fault was healed are counted, not averaged. */
  readonly outage: Distribution | null;
  /** From the begin of the injection to the end of that outage: what a promise, which counts from a death, is held against. */
  readonly back: Distribution | null;
  /** It had not ended when the fault was healed, or when the measurement ended. */
  readonly neverEnded: number;
  /** Runs in which nothing was lost. */
  readonly unharmed: number;
  /** Lost of sent while the fault was in force, over all runs. */
  readonly lost: number;
  readonly sent: number;
}

export interface SetVerdict {
  readonly version: number;
  readonly set: string;
  readonly scenario: string;
  readonly cell: Cell;
  /** `kube-vip-arp 5/3/1`: what a table calls it. */
  readonly label: string;
  readonly runs: readonly {
    readonly run: string;
    readonly seed: number;
    readonly outcome: Outcome;
    readonly reason: string;
    readonly folder: string;
  }[];
  readonly counts: Readonly<Record<Outcome, number>>;
  readonly probes: readonly ProbeDistribution[];
  /** Of the runs that were conclusive. */
  readonly stages: readonly {
    readonly stage: Stage;
    readonly at: Distribution | null;
    /** Reason -> number of runs in which it is missing for that reason. */
    readonly missing: Readonly<Record<string, number>>;
  }[];
  /** Runs whose timeline is complete (every stage has a time or a reason that lies in the mechanism) and in order. */
  readonly complete: { readonly runs: number; readonly of: number };
  readonly envelope: Envelope | null;
  /** Median of the judged probe's `back` / the envelope's median; null without either. */
  readonly ratio: { readonly probe: string; readonly value: number } | null;
  /** Runs in which two owners answered at once: the invariant `one owner` failed, or the scenario expected it. */
  readonly splitBrain: number;
  readonly command: string;
  readonly commit: string | null;
  readonly dirty: boolean;
  readonly versions: Readonly<Record<string, string>>;
}

/** Whether two sets differ in one quantity: Hodges-Lehmann shift (b - a) with its distribution-free 95 % interval. Milliseconds. */
export interface Shift {
  readonly probe: string;
  readonly shift: number;
  readonly low: number;
  readonly high: number;
  /** The interval leaves out zero. */
  readonly differs: boolean;
}
