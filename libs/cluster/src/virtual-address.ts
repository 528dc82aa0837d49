/** Which address of the pool clients use, and where a load balancer is installed: known once the run's subnet is. */
import { loadBalancers } from './load-balancer/index.ts';
import type { Place } from './load-balancer/load-balancer.ts';
import type { ClusterPlan } from './spec.ts';
import { addressIn } from './subnet.ts';

type Planned = Pick<ClusterPlan, 'spec' | 'nodes' | 'pool'>;

/** The last octet of the virtual address; null where nodes answer at their own. */
export function virtualHostOf({ spec, nodes, pool }: Planned, subnet: string): number | null {
  return pool && loadBalancers[spec.loadBalancer].chooseHost({ subnet, nodes, pool });
}

/** Null where there is no virtual address. */
export function placeOf(plan: Planned, subnet: string): Place | null {
  const host = virtualHostOf(plan, subnet);
  if (plan.pool === null || host === null) return null;
  const [first, last] = plan.pool;
  return {
    settings: plan.spec.settings ?? {},
    nodes: plan.nodes,
    pool: [addressIn(subnet, first), addressIn(subnet, last)],
    address: addressIn(subnet, host),
    interface: 'eth0',
  };
}

interface Pooled {
  readonly plan: Pick<ClusterPlan, 'pool'>;
  readonly client: { readonly address: string };
  readonly virtualAddress: string | undefined;
}

/** The addresses of the pool that nobody has: which one Traefik and the app share is another in every subnet. */
export function freeOfPool({ plan, client, virtualAddress }: Pooled): readonly string[] {
  const [first, last] = plan.pool ?? [0, -1];
  const all = Array.from({ length: last - first + 1 }, (_, index) =>
    client.address.replace(/\d+$/, String(first + index)),
  );
  return all.filter((address) => address !== virtualAddress);
}
