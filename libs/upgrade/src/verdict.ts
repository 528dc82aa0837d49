/** What an upgrade came to: `upgrade.json`. Everything in it is read from the history. */
import type { SampleClass, UpgradeStep } from '@faultline/history';

export const UPGRADE_VERDICT_VERSION = 1;

/**
 * `upgraded`: the new Traefik serves, and what the old one served is served. `stuck`: the old one still serves, and nothing is
 * lost; the Helm job fails. `broken`: something that clients got before they get no longer. `inconclusive`: it did not come
 * that far.
 */
export type UpgradeOutcome = 'upgraded' | 'stuck' | 'broken' | 'inconclusive';

export interface UpgradeVerdict {
  readonly version: number;
  readonly from: string;
  readonly to: string;
  readonly traefik: { readonly from: string; readonly to: string };
  readonly outcome: UpgradeOutcome;
  /** One sentence. */
  readonly reason: string;
  readonly cases: readonly CaseRow[];
  readonly prediction: Prediction;
  readonly requests: Requests;
  readonly nodes: readonly NodeAway[];
  readonly helm: readonly HelmJob[];
  /** How many pods of which Traefik were ready, whenever that changed; seconds from the begin of the upgrade. */
  readonly traefiks: readonly { readonly atS: number; readonly ready: Readonly<Record<string, number>> }[];
  readonly services: readonly ServiceIdentity[];
  readonly routers: { readonly old: number; readonly beside: number; readonly differs: readonly string[] } | null;
  /** Images that a node lacked when a pod was to run there, and the pods. */
  readonly missingImages: readonly { readonly image: string; readonly pods: readonly string[] }[];
  readonly notes: readonly string[];
}

export interface CaseRow {
  readonly case: string;
  /** The worst that lint says of its objects. */
  readonly predicted: 'breaks' | 'changes' | 'warns' | null;
  readonly findings: readonly {
    readonly rule: string;
    readonly object: string;
    readonly path: string;
    readonly message: string;
  }[];
  readonly assertions: readonly AssertionRow[];
  /** Whether a client notices: null where it was not asked after the upgrade. */
  readonly changed: boolean | null;
}

export interface AssertionRow {
  readonly what: string;
  readonly saw: Readonly<Partial<Record<UpgradeStep, string>>>;
  /** Served before, and no longer: 404 or a 5xx, or no answer, where there was something else. */
  readonly lost: boolean;
  readonly asExpected: Readonly<Partial<Record<UpgradeStep, boolean | null>>>;
}

/** Lint's word held against what was seen, case by case; `breaks` and `changes` say that a client will notice. */
export interface Prediction {
  readonly right: number;
  readonly missed: readonly string[];
  readonly falseAlarms: readonly string[];
  /** Null: nothing was predicted, or nothing changed. */
  readonly precision: number | null;
  readonly recall: number | null;
}

export interface Requests {
  readonly sent: number;
  readonly lost: number;
  readonly causes: readonly Cause[];
}

/** Lost requests of one kind with one cause. */
export interface Cause {
  /** `server-0 away: its own address`, ... */
  readonly cause: string;
  readonly connection: string;
  readonly lost: number;
  readonly byClass: Readonly<Partial<Record<SampleClass, number>>>;
  /** Seconds from the begin of the upgrade: the first and the last of them. */
  readonly firstS: number;
  readonly lastS: number;
}

export interface NodeAway {
  readonly node: string;
  readonly from: string;
  readonly to: string;
  readonly beginS: number;
  /** Null: it did not come back. */
  readonly endS: number | null;
  readonly error: string | null;
}

export interface HelmJob {
  readonly job: string;
  readonly chart: string;
  readonly attempts: number;
  readonly state: string;
  /** Where it ran, in order, each once. */
  readonly nodes: readonly string[];
  /** What it failed of, each once. */
  readonly reasons: readonly string[];
}

export interface ServiceIdentity {
  readonly step: UpgradeStep;
  readonly uid: string;
  readonly clusterIP: string;
  readonly nodePorts: Readonly<Record<string, number>>;
  readonly addresses: readonly string[];
}
