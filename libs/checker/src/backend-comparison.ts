/** Backends measured side by side: what `faultline compare-backends` takes down turn by turn, and what comes of it. */
import type { Substrate } from '@faultline/history';
import type { Distribution } from './set.ts';
import type { Covered } from './statistics.ts';

export const BACKEND_COMPARISON_VERSION = 1;

/** What a packet goes through, and how sentences say it. */
export const BENCH_PATHS = {
  'pod-same-node': 'pod to pod on one node',
  'pod-across': 'pod to pod across nodes',
  service: 'from a pod through the Service',
  ingress: 'from a pod through the Ingress',
  'load-balancer': "from a client through the load balancer's address",
  node: 'node to node, without the overlay',
} as const;
export type BenchPath = keyof typeof BENCH_PATHS;

/** `connect`: a TCP handshake, which the kernel alone answers. `request`: a GET on a new connection, answered by the app. */
export const ASKS = ['connect', 'request'] as const;
export type Ask = (typeof ASKS)[number];

interface Turned {
  readonly backend: string;
  readonly path: BenchPath;
  /** From 1. */
  readonly repeat: number;
}

/** Some seconds of an open loop on one path. */
export interface LatencyTurn extends Turned {
  readonly measured: Ask;
  /** Of the good samples, from the time at which each was to be sent, microseconds. */
  readonly latencies: readonly number[];
  readonly sent: number;
  readonly lost: number;
  /** Never sent, because the prober was held up. */
  readonly late: number;
  /** How late the prober itself was, microseconds: it is in the latencies. */
  readonly latenessP99: number | null;
}

/** One test of iperf3 on one path. */
export interface ThroughputTurn extends Turned {
  readonly measured: 'throughput';
  readonly bytes: number;
  readonly seconds: number;
  readonly retransmits: number;
  /** Of all processors of the host, seconds, over the time of the test. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** Processors that were busy right before it. */
  readonly idleCpus: number;
}

export type Turn = LatencyTurn | ThroughputTurn;

/** What a turn amounts to; each has one value a repeat. */
export const QUANTITIES: Readonly<Record<Quantity, { readonly unit: string; readonly better: 'less' | 'more' }>> = {
  'connect p50': { unit: 'ms', better: 'less' },
  'connect p90': { unit: 'ms', better: 'less' },
  'connect p99': { unit: 'ms', better: 'less' },
  'request p50': { unit: 'ms', better: 'less' },
  'request p90': { unit: 'ms', better: 'less' },
  'request p99': { unit: 'ms', better: 'less' },
  throughput: { unit: 'Gbit/s', better: 'more' },
  CPU: { unit: 's/GB', better: 'less' },
};
export type Quantity =
  | `${Ask} ${'p50' | 'p90' | 'p99'}`
  | 'throughput'
  /** Processor time for each gigabyte. */
  | 'CPU';

/** One backend's own place in the comparison. */
export interface BenchedBackend {
  readonly backend: string;
  /** Where the roles of a path lie: `{ ingress: 'agent-0', announcer: 'agent-0' }`. Otherwise placed is otherwise measured. */
  readonly placement: Readonly<Record<string, string>>;
  readonly podMtu: number;
}

/** The values of one quantity, one for each repeat, in order, in the unit of the quantity. */
export interface BenchFigure {
  readonly path: BenchPath;
  readonly backend: string;
  readonly quantity: Quantity;
  readonly values: Distribution;
}

/** A quantity that is not told, because some repeat has no value of it: to leave that one out would flatter the path. */
export interface BenchGap {
  readonly path: BenchPath;
  readonly backend: string;
  readonly quantity: Quantity;
  readonly missing: number;
  readonly of: number;
}

/** A quantile of all samples of all repeats, milliseconds. */
export interface PooledQuantile {
  readonly path: BenchPath;
  readonly backend: string;
  readonly ask: Ask;
  readonly quantile: number;
  readonly samples: number;
  /** Null where there are too few samples for it, or where it would be one of those that had no answer. */
  readonly value: number | null;
  /** Between two order statistics; null where there are too few samples on one side of the quantile. */
  readonly interval: Covered | null;
}

/** What the latencies of a path leave out. */
export interface BenchLoss {
  readonly path: BenchPath;
  readonly backend: string;
  readonly ask: Ask;
  readonly sent: number;
  readonly lost: number;
  readonly late: number;
  /** The worst repeat's, microseconds. */
  readonly latenessP99: number | null;
}

/** How `backend` relates to the first one: its value divided by the first one's. */
export interface BackendRatio {
  readonly path: BenchPath;
  readonly quantity: Quantity;
  readonly backend: string;
  readonly against: string;
  /** Null: nothing can be said, and `reason` is why. */
  readonly ratio: (Covered & { readonly value: number }) | null;
  /** The interval leaves out equality. */
  readonly differs: boolean;
  readonly reason: string;
}

/** What a comparison is, told by whoever measured. */
export interface BackendIdentity {
  readonly comparison: string;
  readonly substrate: Substrate;
  readonly substrateReason: string;
  readonly loadBalancer: string;
  /** The first one is what the others are held against. */
  readonly backends: readonly BenchedBackend[];
  readonly skipped: readonly { readonly what: string; readonly reason: string }[];
  /** As asked for; each figure says how many it has. */
  readonly repeats: number;
  readonly seed: number;
  readonly rateHz: number;
  readonly latencySeconds: number;
  readonly throughputSeconds: number;
  /** What these figures cannot say. */
  readonly limits: readonly string[];
  readonly command: string;
  readonly commit: string | null;
  readonly dirty: boolean;
  readonly versions: Readonly<Record<string, string>>;
}

export interface BackendComparison extends BackendIdentity {
  readonly version: number;
  readonly figures: readonly BenchFigure[];
  readonly gaps: readonly BenchGap[];
  readonly pooled: readonly PooledQuantile[];
  readonly losses: readonly BenchLoss[];
  readonly ratios: readonly BackendRatio[];
  /** Processors of the host that were busy while nothing was measured: all clusters idle, and everything else. */
  readonly idleCpus: Distribution | null;
  /** Sent again by TCP, in all. */
  readonly retransmits: number;
}
