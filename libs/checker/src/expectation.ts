/**
 * What a scenario expects of a run, as data: it stands in plan.json, and an old run can be judged again with it.
 *
 * Always judged besides, without being written in a scenario: steady before and after, the fault proved, the fault
 * healed and no residue, the prober on time.
 */
import type { ReachPath } from '@faultline/history';

/**
 * Which cells of a sweep a fault loses. `cross-node-`: only between two nodes; without it also within one.
 * `of-target`: those with an end on a target. `cross-node-of-target`: those with one end, and only one, on a target.
 * `any`: not judged, because chance decides; `any-of-target` and `any-to-target`: so are those cells, and no other.
 */
export const SWEEP_LOSSES = [
  'none',
  'all',
  'all-cross-node',
  'of-target',
  'cross-node-of-target',
  'to-target',
  'cross-node-to-target',
  'from-target',
  'cross-node-from-target',
  'any',
  'any-of-target',
  'any-to-target',
] as const;
export type SweepLoss = (typeof SWEEP_LOSSES)[number];

/**
 * `fault`: the id of the one that it is about, where there are several: only while that one was there, and what it struck.
 * Without it the time from the first injection to the last healing, and all of them.
 */
export type Expectation = Demand & { readonly fault?: string };

type Demand =
  /** The longest outage of the probe that the fault caused, and that it ends. Bounds in milliseconds, both inclusive. */
  | { readonly check: 'outage'; readonly probe: string; readonly atLeastMs: number; readonly atMostMs: number }
  /**
   * The address moves to a living announcer in the time that the load balancer's own settings promise: the longest outage
   * of the probe that the fault caused lies within the envelope (bounds in milliseconds, both inclusive, the prober's margin
   * already in them; the lower one is held against the time from the begin of the injection), and ends. `medianMs` and
   * `formula` are for the report: measured / expected.
   */
  | {
      readonly check: 'failover';
      readonly probe: string;
      readonly atLeastMs: number;
      readonly medianMs: number;
      readonly atMostMs: number;
      readonly formula: string;
    }
  /**
   * Who answers who-has for the clients' address while the fault is in force. `same`: the owner before, and nobody else.
   * `moves`: another one, and only that one, by the end of the fault. `nobody`: no one any more by the end of the fault.
   * `two`: at least two at once, for at least `atLeastMs` (0 unless told): the split brain that is expected; the invariant
   * `one owner` is then not a failure.
   */
  | { readonly check: 'owner'; readonly is: 'same' | 'moves' | 'nobody' | 'two'; readonly atLeastMs?: number }
  /**
   * Two may answer at once, for at most this long, from the fault to the end: by its own rules the mechanism needs that to
   * find out. The invariant `one owner` is then judged by this.
   */
  | { readonly check: 'owners-overlap'; readonly atMostMs: number }
  /** From the fault on the probe loses everything, and never recovers while the fault lasts. */
  | { readonly check: 'never-recovers'; readonly probe: string }
  /** The share of lost samples while the fault is in force (and up to 5 s after healing) is at most this. */
  | { readonly check: 'loss-at-most'; readonly probe: string; readonly share: number }
  /**
   * A steady share of samples is lost from the fault on, for a duration within the bounds, then none: the signature of a
   * dead endpoint behind a balancing Service. `share` is of all samples in that window; `within` is its absolute tolerance.
   * With `afterMs` the share counts from so long after the fault: before that the address itself may be gone.
   */
  | {
      readonly check: 'loss-share';
      readonly probe: string;
      readonly share: number;
      readonly within: number;
      readonly atLeastMs: number;
      readonly atMostMs: number;
      readonly afterMs?: number;
    }
  /**
   * The pod-to-pod matrix while the fault is in force. Probes are named `pod:<from node>:<to node>`.
   * `cross-node-of-target`: exactly the pairs in which one end, and only one, is a target node are lost. `none`: no pair is.
   */
  | { readonly check: 'reachability'; readonly lost: 'cross-node-of-target' | 'none' }
  /**
   * Of the sweep while the fault is in force, exactly the declared cells are lost: no answer came. All expectations of this
   * kind together declare them: of a path that several name, the cells of each; a path that none names is whole.
   * With a `fault` its targets are meant, else those of all. `pairs`: by name, from and to.
   */
  | {
      readonly check: 'sweep';
      readonly path: ReachPath | readonly ReachPath[] | 'all';
      readonly lost: SweepLoss | { readonly pairs: readonly (readonly [from: string, to: string])[] };
    }
  /** Every node stays Ready, by the watch, from the fault to its healing; except the fault's own target where `butTarget`. */
  | { readonly check: 'nodes-ready'; readonly butTarget: boolean };
