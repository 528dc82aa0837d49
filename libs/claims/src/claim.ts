/**
 * A claim: a sentence that people believe about k3s networking, and the question by which it is tested.
 *
 * The same question is asked twice: of the set-up that the sentence is about, and of a twin in which it must be answered the
 * other way. A question that both answer alike tells nothing, and gives no verdict. That is why the builders below take
 * both, and a claim without a twin does not typecheck.
 */
import type { KeptVerdict } from './kept.ts';
import type { Rig } from './rig.ts';
import type { SetUpName } from './set-up.ts';

export type ClaimId = `A${string}`;

/** Where the sentence stands: seeds S0 to S4 (see `SEEDS`), or the documentation of k3s itself. */
export type Source = 'S0' | 'S1' | 'S2' | 'S3' | 'S4' | 'docs' | 'ledger';

export type VerdictName = 'true' | 'true with a limit' | 'false' | 'outdated' | 'not testable here';

/** What was seen, and whether what the sentence says holds there. */
export interface Seen {
  readonly holds: boolean;
  readonly saw: string;
}

/** `holds` as it came out, in one word each. */
export const seen = (holds: boolean, saw: string): Seen => ({ holds, saw });

export type Part = 'check' | 'twin';

/** A set-up in words, and what the question is asked of there. */
export interface Ground<T> {
  readonly is: string;
  readonly of: T;
}

export interface Twin<T> extends Ground<T> {
  /**
   * `control`: ground that the sentence does not cover. `limit`: ground that it does cover, and where it does not hold: then
   * the sentence is true with this limit.
   */
  readonly shows: 'control' | 'limit';
  /** Where it needs another set-up than the claim. */
  readonly setUp?: SetUpName;
}

export interface About {
  readonly id: ClaimId;
  /** In our own words, as a statement that can be wrong. */
  readonly sentence: string;
  readonly stands: readonly [source: Source, section: string];
  /** What was expected before anything was run, and why. */
  readonly predicted: readonly [verdict: VerdictName, because: string];
  /** The release that ended it, where it was true once and an older release cannot be run here. */
  readonly outdatedSince?: string;
  /** Which k3s releases it is to be run on besides the usual one. */
  readonly alsoOn?: readonly string[];
}

interface Asked<How extends string> extends About {
  readonly how: How;
  readonly setUp: SetUpName;
  readonly here: string;
  readonly twin: { readonly is: string; readonly shows: 'control' | 'limit'; readonly setUp: SetUpName };
}

/** Needs no cluster: data of ours, or arithmetic. */
export interface PureClaim extends Asked<'pure'> {
  readonly ask: (part: Part) => Seen;
}

/** Asked of a running cluster. */
export interface ClusterClaim extends Asked<'cluster'> {
  readonly ask: (part: Part, rig: Rig) => Promise<Seen>;
  /** Nothing else may be asked of the cluster meanwhile: it changes what others see, or counts what they do. */
  readonly alone?: boolean;
}

/** Read from what a scenario measured: the verdict of a run that was kept. */
export interface MeasuredClaim extends Asked<'measured'> {
  readonly runs: Readonly<Record<Part, MeasuredRun>>;
  readonly ask: (verdict: KeptVerdict) => Seen;
}

export interface MeasuredRun {
  readonly scenario: string;
  /** Factors of the cell that must be so, e.g. `{ backend: 'host-gw' }`. */
  readonly cell: Readonly<Record<string, string>>;
}

/** Nothing that can be run on one machine would tell. */
export interface UntestableClaim extends About {
  readonly how: 'untestable';
  readonly setUp: 'none';
  readonly reason: string;
}

/** Its check is not written yet: what it would do, and what its twin would be. */
export interface OpenClaim extends About {
  readonly how: 'open';
  readonly setUp: SetUpName;
  readonly plan: string;
  readonly twin: { readonly is: string };
}

export type Claim = PureClaim | ClusterClaim | MeasuredClaim | UntestableClaim | OpenClaim;

interface Question<T> extends About {
  readonly here: Ground<T>;
  readonly twin: Twin<T>;
}

export function pureClaim<T>({ here, twin, ask, ...about }: Question<T> & { ask: (of: T) => Seen }): PureClaim {
  return {
    ...about,
    ...named('pure', here, twin),
    how: 'pure',
    ask: (part) => ask((part === 'check' ? here : twin).of),
  };
}

export function clusterClaim<T>({
  here,
  twin,
  setUp,
  ask,
  ...about
}: Question<T> & { setUp: SetUpName; alone?: boolean; ask: (rig: Rig, of: T) => Promise<Seen> }): ClusterClaim {
  return {
    ...about,
    ...named(setUp, here, twin),
    how: 'cluster',
    ask: (part, rig) => ask(rig, (part === 'check' ? here : twin).of),
  };
}

export function measuredClaim({
  here,
  twin,
  ask,
  ...about
}: Question<MeasuredRun> & { ask: (verdict: KeptVerdict) => Seen }): MeasuredClaim {
  return { ...about, ...named('measured', here, twin), how: 'measured', runs: { check: here.of, twin: twin.of }, ask };
}

export const untestable = (about: About & { reason: string }): UntestableClaim => ({
  ...about,
  how: 'untestable',
  setUp: 'none',
});

export const open = (about: About & { setUp: SetUpName; plan: string; twin: { is: string } }): OpenClaim => ({
  ...about,
  how: 'open',
});

function named<T>(setUp: SetUpName, here: Ground<T>, twin: Twin<T>) {
  return {
    setUp,
    here: here.is,
    twin: { is: twin.is, shows: twin.shows, setUp: twin.setUp ?? setUp },
  };
}
