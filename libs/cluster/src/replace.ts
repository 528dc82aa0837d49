/** The nodes of a k3s cluster that runs, replaced one by one by nodes of another release: an upgrade, or the way back. */
import { LABEL } from '@faultline/control';
import type { BootOptions, Cluster } from './cluster.ts';
import { toolsImage } from './image/own.ts';
import type { Replacement } from './k3s/replace.ts';
import { CLUSTER_LABEL } from './site.ts';
import type { ClusterPlan } from './spec.ts';

/**
 * Makes everything ready that takes long, so that a node is away for no longer than it must: above all the images.
 * @param plan as the cluster was booted by, with another release in its spec and among its images.
 * @throws ImagesMissingError, UnknownReleaseError; Error on bare, which has no releases.
 */
export async function prepareRelease(cluster: Cluster, plan: ClusterPlan, options: BootOptions): Promise<Replacement> {
  if (plan.spec.substrate !== 'k3s') throw new Error('nodes of bare have no release that could be replaced');
  const labels = {
    ...options.labels,
    [LABEL.run]: cluster.run,
    [CLUSTER_LABEL.folder]: options.folder,
    [CLUSTER_LABEL.substrate]: plan.spec.substrate,
  };
  const { network: lan } = cluster;
  // The Kubernetes client is big: it is loaded when it is needed.
  const { replacementOn } = await import('./k3s/replace.ts');
  return replacementOn(cluster, plan, { ...options, run: cluster.run, labels, lan, tools: toolsImage() });
}
