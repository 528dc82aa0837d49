/** The machines in front of the cluster, where its load balancer is such a pair. They need nothing of the nodes, and start with them. */
import { onAll } from '@faultline/control';
import { machineVersions, startMachine } from '../bare/machine.ts';
import type { Booted, Site } from '../site.ts';
import type { ClusterPlan } from '../spec.ts';
import { balancerFiles } from './config.ts';

export { untilRuns as untilBalances } from '../bare/machine.ts';

export async function bootBalancers(plan: ClusterPlan, site: Site): Promise<Pick<Booted, 'nodes' | 'versions'>> {
  const nodes = await onAll(plan.balancers, (balancer) =>
    startMachine(balancer, balancerFiles(plan, site.lan.subnet, balancer.name), site),
  );
  return { nodes, versions: await machineVersions(nodes, site) };
}
