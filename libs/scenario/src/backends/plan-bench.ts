/** A comparison of backends as data: the clusters, and whose turn it is when. */
import type { BenchPath } from '@faultline/checker';
import { planCluster, type ClusterPlan, type Settings } from '@faultline/cluster/plan';
import type { Substrate } from '@faultline/history';
import { DEFAULT_HOST, type WorkloadSpec } from '@faultline/workload/plan';
import { below, seeded } from '../seed.ts';

const PATHS: readonly BenchPath[] = ['pod-same-node', 'pod-across', 'service', 'ingress', 'load-balancer', 'node'];

/** Two nodes have every path, and leave most of the host to what is measured. */
const TOPOLOGY = { servers: 1, agents: 1 } as const;
/** One pod of a node sends to another there. */
const PODS_PER_NODE = 2;

/** Of each of the two asks. With 400 samples a turn has a p99, and ten turns a p99.9 with its interval. */
const RATE_HZ = 100;
const LATENCY_SECONDS = 4;
const THROUGHPUT_SECONDS = 3;

export interface TurnPlan {
  /** 0: to warm up, and thrown away. */
  readonly repeat: number;
  readonly path: BenchPath;
  readonly backend: string;
}

export interface BenchPlan {
  readonly substrate: Substrate;
  readonly seed: number;
  readonly repeats: number;
  readonly rateHz: number;
  readonly latencySeconds: number;
  readonly throughputSeconds: number;
  readonly workload: WorkloadSpec;
  readonly clusters: readonly { readonly backend: string; readonly plan: ClusterPlan }[];
  readonly turns: readonly TurnPlan[];
  readonly skipped: readonly { readonly what: string; readonly reason: string }[];
}

export interface BenchOptions {
  readonly substrate: Substrate;
  readonly backends: readonly string[];
  readonly loadBalancer: string;
  readonly settings: Settings;
  readonly repeats: number;
  readonly seed: number;
  readonly app: string;
  readonly tools: string;
  readonly k3s?: string | undefined;
}

/** @throws ClusterSpecError naming the value and what is allowed. */
export function planBench(options: BenchOptions): BenchPlan {
  const { substrate, backends, loadBalancer, settings, repeats, seed, app, tools, k3s } = options;
  const missing = NOT_THERE[substrate];
  const paths = PATHS.filter((path) => missing[path] === undefined);
  return {
    substrate,
    seed,
    repeats,
    rateHz: RATE_HZ,
    latencySeconds: LATENCY_SECONDS,
    throughputSeconds: THROUGHPUT_SECONDS,
    workload: {
      app,
      replicas: PODS_PER_NODE * (TOPOLOGY.servers + TOPOLOGY.agents),
      host: DEFAULT_HOST,
      place: 'spread',
      echo: false,
    },
    clusters: backends.map((backend) => ({
      backend,
      plan: planCluster(
        {
          ...TOPOLOGY,
          substrate,
          backend,
          loadBalancer,
          settings,
          // The Ingress controller stands on the same node with every backend: elsewhere it would be another path.
          ...(substrate === 'k3s' && { controllerPlace: 'agents' }),
          ...(substrate === 'k3s' && k3s && { k3s }),
        },
        { tools, app, subnet: null },
      ),
    })),
    turns: turnsOf(paths, backends, repeats, seeded(seed)),
    skipped: Object.entries(missing).map(([what, reason]) => ({ what, reason })),
  };
}

const NOT_THERE: Readonly<Record<Substrate, Readonly<Partial<Record<BenchPath, string>>>>> = {
  bare: { service: 'there is no Service on bare: no kube-proxy translates its address' },
  k3s: {},
};

/**
 * In every repeat each path once, in a random order, and on each path all backends one right after the other, in a random
 * order: whatever drifts on the host drifts under all of them.
 */
function turnsOf(
  paths: readonly BenchPath[],
  backends: readonly string[],
  repeats: number,
  random: () => number,
): readonly TurnPlan[] {
  return Array.from({ length: repeats + 1 }, (_, repeat) =>
    shuffled(paths, random).flatMap((path) => shuffled(backends, random).map((backend) => ({ repeat, path, backend }))),
  ).flat();
}

/** Fisher and Yates. */
function shuffled<T>(things: readonly T[], random: () => number): readonly T[] {
  const order = [...things];
  for (let last = order.length - 1; last > 0; last--) {
    const other = below(random, last + 1);
    [order[last], order[other]] = [order[other] as T, order[last] as T];
  }
  return order;
}
