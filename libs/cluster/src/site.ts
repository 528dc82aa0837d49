/**
 * Where a substrate builds: the run's LAN and everything that both substrates need, made by `boot` before.
 *
 * A substrate is three functions: one makes nodes on a site, one says when a node that was started again is up, and one
 * has a node let go of the virtual address.
 */
import type { ClusterPlan, NodePlan } from './spec.ts';
import type { BootOptions, Cluster, ClusterNode } from './cluster.ts';
import type { ContainerSpec } from './container.ts';
import { addressIn, macOf, type Lan } from './lan.ts';
import { LABEL } from '@faultline/control';

/** Labels of ours beside control's: which folder tells the rest of a run, and what its nodes are made of. */
export const CLUSTER_LABEL = { folder: 'faultline.folder', substrate: 'faultline.substrate' } as const;

export type ContainerRole = 'node' | 'balancer' | 'side-car' | 'client';

/**
 * What `boot` hands to a substrate.
 *
 * `boot` has already deferred the removal of everything with the run's label: a substrate that throws midway leaves the
 * cleaning to it, and only waits for what it started.
 */
export interface Site extends Omit<BootOptions, 'labels'> {
  readonly lan: Pick<Lan, 'id' | 'name' | 'subnet'>;
  /** For everything made: the run's labels, and ours. */
  readonly labels: Readonly<Record<string, string>>;
  /** Image of side-cars, client, balancers and bare nodes. */
  readonly tools: string;
}

/** A node as a substrate hands it back: its container runs. The side-car is `boot`'s work. */
export interface BootedNode {
  readonly name: string;
  readonly container: string;
}

export interface Booted {
  readonly nodes: readonly BootedNode[];
  readonly kubeconfig: string | undefined;
  /** Of the parts that only this substrate has: k3s, containerd, keepalived. */
  readonly versions: Readonly<Record<string, string>>;
}

/** `bare/boot.ts` and `k3s/boot.ts` each export one, called `bare` and `k3s`. */
export interface Substrate {
  boot(plan: ClusterPlan, site: Site): Promise<Booted>;
  /** Waits until a node that was started again serves again. @throws DeadlineError */
  untilUp(node: ClusterNode, cluster: Cluster, options: { signal?: AbortSignal }): Promise<void>;
  /** Cluster.yieldAddress. @throws Error where the load balancer elects nobody; DeadlineError */
  yieldAddress(node: ClusterNode, cluster: Cluster, options: { signal?: AbortSignal }): Promise<void>;
}

/** What the container of a machine is called, where it stands on the LAN, and how it is labelled: the same on both substrates. */
export function nodeContainer(
  node: NodePlan,
  site: Pick<Site, 'run' | 'lan' | 'labels'>,
): Pick<ContainerSpec, 'name' | 'hostname' | 'labels'> & { lan: NonNullable<ContainerSpec['lan']> } {
  const address = addressIn(site.lan.subnet, node.host);
  return {
    name: containerName(site.run, node.name),
    hostname: node.name,
    labels: roleLabels(site.labels, node.role === 'balancer' ? 'balancer' : 'node', node.name),
    lan: { network: site.lan.name, address, mac: macOf(address) },
  };
}

export const containerName = (run: string, part: string): string => `faultline-${run}-${part}`;

export function roleLabels(
  labels: Readonly<Record<string, string>>,
  role: ContainerRole,
  node?: string,
): Record<string, string> {
  return { ...labels, [LABEL.role]: role, ...(node && { [LABEL.node]: node }) };
}
