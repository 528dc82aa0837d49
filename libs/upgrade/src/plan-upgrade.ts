/** What an upgrade is to be: two clusters that differ in their release alone, and which nodes are replaced in which order. */
import {
  k3sNodeImage,
  k3sRelease,
  planCluster,
  type ClusterPlan,
  type ClusterPlanOptions,
  type ClusterWish,
} from '@faultline/cluster/plan';
import { DEFAULT_HOST, type WorkloadSpec } from '@faultline/workload/plan';
import type { Case } from './assertion.ts';

export const UPGRADE_PLAN_VERSION = 1;

export interface UpgradePlan {
  readonly version: number;
  readonly scenario: 'upgrade-traefik';
  readonly why: string;
  readonly from: string;
  readonly to: string;
  /** Versions of Traefik, `2.11.18`. */
  readonly traefik: { readonly from: string; readonly to: string };
  readonly cluster: ClusterPlan;
  /** The same nodes with the other release. */
  readonly next: ClusterPlan;
  readonly workload: WorkloadSpec;
  /** Every node has the images of both releases from the start. Without, a Helm job may meet a node that lacks its image. */
  readonly preload: boolean;
  /** Names, in this order: servers, then agents; the first server alone where the cluster is to be skewed. */
  readonly replaced: readonly string[];
  /** Whether the way back is tried afterwards. */
  readonly rollback: boolean;
  /** Whether the new Traefik is tried beside the old one first; its image has to be on the nodes for that. */
  readonly beside: boolean;
  readonly cases: readonly Pick<Case, 'name' | 'about'>[];
  readonly seed: number;
  readonly subnet: string | null;
}

export interface UpgradeWish extends Pick<UpgradePlan, 'from' | 'to' | 'preload' | 'rollback' | 'seed'> {
  readonly servers: number;
  readonly agents: number;
  readonly backend: string;
  readonly loadBalancer: string;
  readonly controller: string;
  /** Only the first server is replaced. */
  readonly skew: boolean;
  /** Images beyond those of the cluster that nodes are to have: of one's own manifests. */
  readonly images: readonly string[];
  readonly cases: readonly Case[];
}

const WHY = 'k3s is upgraded, and with it Traefik: what is lost meanwhile, and what is otherwise afterwards?';

/** @throws ClusterSpecError, UnknownReleaseError; UpgradeWishError where there is nothing to upgrade, or nothing to skew. */
export function planUpgrade(wish: UpgradeWish, options: ClusterPlanOptions): UpgradePlan {
  const { from, to, preload, skew, rollback, seed, cases } = wish;
  check(wish);
  const clusters = [from, to].map((release) => planCluster(specOf(wish, release), options));
  const [old, next] = clusters as [ClusterPlan, ClusterPlan];
  const names = old.nodes.map(({ name }) => name);
  return {
    version: UPGRADE_PLAN_VERSION,
    scenario: 'upgrade-traefik',
    why: WHY,
    from,
    to,
    traefik: { from: k3sRelease(from).traefik, to: k3sRelease(to).traefik },
    cluster: withImages(old, [...(preload ? next.images : []), ...wish.images], to),
    // A node that is upgraded keeps the images that it had.
    next: withImages(next, [...old.images, ...wish.images], from),
    workload: { app: options.app, replicas: 3, host: DEFAULT_HOST, place: 'spread', echo: false },
    preload,
    replaced: skew ? names.slice(0, 1) : names,
    rollback,
    beside: preload,
    cases: cases.map(({ name, about }) => ({ name, about })),
    seed,
    subnet: options.subnet,
  };
}

function specOf({ servers, agents, backend, loadBalancer, controller }: UpgradeWish, k3s: string): ClusterWish {
  return { substrate: 'k3s', servers, agents, backend, loadBalancer, controller, k3s };
}

/** Nodes are never told of the other release's own image: it is what they are made of, and runs in no pod. */
function withImages(plan: ClusterPlan, more: readonly string[], other: string): ClusterPlan {
  const images = new Set([...plan.images, ...more]);
  images.delete(k3sNodeImage(other));
  return { ...plan, images: [...images] };
}

export class UpgradeWishError extends Error {
  override readonly name = 'UpgradeWishError';
}

function check({ from, to, skew, servers }: UpgradeWish): void {
  if (from === to)
    throw new UpgradeWishError(`--from and --to are both ${from}: nothing is upgraded. Allowed: two releases`);
  if (skew && servers < 3) {
    throw new UpgradeWishError(
      `--skew upgrades one of several servers, and there ${servers === 1 ? 'is 1' : `are ${servers}`}. Next: --servers 3`,
    );
  }
}
