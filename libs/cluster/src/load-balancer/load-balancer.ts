/** What a load balancer is to Faultline: one record in one file. To add one: its file, its name in spec.ts, its line in index.ts. */
import type { Substrate } from '@faultline/history';
import type { LoadBalancerName, NodePlan, Settings } from '../spec.ts';

/** Bounds of a failover time, in milliseconds, and the formula that they come from. */
export interface Envelope {
  readonly atLeastMs: number;
  readonly medianMs: number;
  readonly atMostMs: number;
  readonly formula: string;
}

/** A setting that a user may choose, with its bounds and its default. */
export type Setting = { readonly sentence: string } & (
  | { readonly type: 'choice'; readonly of: readonly string[]; readonly default: string }
  | { readonly type: 'boolean'; readonly default: boolean }
);

/** Where it is installed: known once the run's subnet is. */
export interface Place {
  readonly settings: Settings;
  /** The k3s nodes. */
  readonly nodes: readonly NodePlan[];
  /** e.g. `198.18.7.200`, `198.18.7.219`. */
  readonly pool: readonly [first: string, last: string];
  /** The one of the pool that clients use. */
  readonly address: string;
  /** LAN interface of the nodes: eth0. */
  readonly interface: string;
}

/** A Kubernetes object, as it is applied. */
export type KubernetesObject = Readonly<Record<string, unknown>> & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
};

/** A workload of the load balancer that must be ready before anything is asked of it. */
export interface Component {
  readonly kind: 'Deployment' | 'DaemonSet';
  readonly namespace: string;
  readonly name: string;
}

export interface LoadBalancer {
  readonly name: LoadBalancerName;
  /** One sentence. */
  readonly what: string;
  readonly substrates: readonly Substrate[];
  /** Flags of `k3s server`. */
  readonly k3sFlags: readonly string[];
  /**
   * What scenarios can ask of it: `load-balancer.failover` (its address moves to a living machine), `load-balancer.udp`,
   * `load-balancer.icmp` (the address answers a ping), `load-balancer.api` (it stands before the API too),
   * `load-balancer.peers` (its members speak to each other), `load-balancer.lease` (it elects by a lease), ...
   */
  readonly features: readonly string[];
  /** Kernel features that it needs, by probeHost's names. */
  readonly needs: readonly string[];
  readonly settings: Readonly<Record<string, Setting>>;
  /** Whether it holds a virtual address (of the pool), or nodes answer at their own. */
  readonly virtualAddress: boolean;
  /** How many machines it has outside the cluster, on this substrate. */
  balancers(substrate: Substrate): number;
  /** Images of its components. */
  images(settings: Settings): readonly string[];
  /** In the order in which they are applied; each is tried again until the API and its webhooks take it. */
  manifests(place: Place): readonly KubernetesObject[];
  components(settings: Settings): readonly Component[];
  /**
   * Annotations by which a Service asks for the address; two Services that ask with these share it, on different ports.
   * Without settings: with its defaults.
   */
  serviceAnnotations(address: string, settings?: Settings): Readonly<Record<string, string>>;
  /** The last octet of the address that clients use, of the pool: one whose announcer is not the only server, where that can be known. */
  chooseHost(options: {
    readonly subnet: string;
    readonly nodes: readonly NodePlan[];
    readonly pool: readonly [number, number];
  }): number;
  /** What its component is called on a node, for faults that strike it alone: the process name; undefined: there is none. */
  readonly process: string | undefined;
  /** From the announcer's death to the next announcer, computed from its settings; undefined: the address never moves. */
  failover(settings: Settings): Envelope | undefined;
}
