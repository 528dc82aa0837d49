/** Deploys the app, its Service and its Ingress, and knows which pod on which node answers. */
import type { Cluster } from '@faultline/cluster';
import { deployOnBare } from './on-bare.ts';
import type { DeployOptions } from './deploy-options.ts';
import type { Kube } from './kube.ts';
import type { WorkloadSpec } from './spec.ts';
import type { Workload } from './workload.ts';

export type { DeployOptions } from './deploy-options.ts';
export type { Kube } from './kube.ts';
export type { Askable, Endpoint, Entry, Workload } from './workload.ts';
export { findNetns, type PodOnNode } from './netns.ts';
export { WorkloadSpecError } from './check.ts';
export type { WorkloadSpec } from './spec.ts';

/**
 * Deploys the workload, and returns when clients on the LAN get their first answer through the Ingress.
 *
 * Deploying again changes what is there into what is wanted. Stages written to the history: `app-ready`,
 * `ingress-address`, `first-200`.
 * @throws WorkloadSpecError; DeadlineError saying what was last seen; the signal's reason on abort.
 */
export async function deploy(cluster: Cluster, spec: WorkloadSpec, options: DeployOptions): Promise<Workload> {
  try {
    return await deployOn(cluster, spec, options);
  } catch (error) {
    // What an aborted deployment failed of first says less than why it was aborted.
    options.signal.throwIfAborted();
    throw error;
  }
}

async function deployOn(cluster: Cluster, spec: WorkloadSpec, options: DeployOptions): Promise<Workload> {
  if (cluster.substrate === 'bare') return deployOnBare(cluster, spec, options);
  // The Kubernetes client is big, and bare runs do without: it is loaded when it is needed.
  const { deployOnK3s } = await import('./on-k3s.ts');
  return deployOnK3s(cluster, spec, options);
}

/** The Kubernetes API of a cluster, for what is done so often that a kubectl each time would be slow. @param kubeconfig its path */
export async function kubeOf(kubeconfig: string): Promise<Kube> {
  const { Kube } = await import('./kube.ts');
  return new Kube(kubeconfig);
}
