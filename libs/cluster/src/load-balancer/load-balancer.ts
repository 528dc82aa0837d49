/** What a load balancer is to Faultline: one record in one file. To add one: its file, its name in spec.ts, its line in index.ts. */
import type { Substrate } from '@faultline/history';
import type { LoadBalancerName } from '../spec.ts';

/** Bounds of a failover time, in milliseconds, and the formula that they come from. */
export interface Envelope {
  readonly atLeastMs: number;
  readonly atMostMs: number;
  readonly formula: string;
}

export interface LoadBalancer {
  readonly name: LoadBalancerName;
  /** One sentence. */
  readonly what: string;
  readonly substrates: readonly Substrate[];
  /** Flags of `k3s server`. */
  readonly k3sFlags: readonly string[];
  /** What scenarios can ask of it, e.g. `load-balancer.failover`: its address moves to a living node. */
  readonly features: readonly string[];
  /** Kernel features that it needs, by probeHost's names. */
  readonly needs: readonly string[];
  /** Whether it holds a virtual address (.200), or nodes answer at their own. */
  readonly virtualAddress: boolean;
  /** From the announcer's death to the next announcer, computed from its settings; undefined: the address never moves. */
  readonly failover: Envelope | undefined;
}
