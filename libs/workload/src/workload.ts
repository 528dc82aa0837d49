/** A deployed workload, the same to the layers above on either substrate. */
import type { WorkloadSpec } from './spec.ts';

/** One ready pod of the app. */
export interface Endpoint {
  readonly pod: string;
  /** Name of the node it runs on. */
  readonly node: string;
  /** Pod address. */
  readonly address: string;
  readonly port: number;
  /** Path of its network namespace in the node's mount namespace, e.g. `/run/netns/pod-0`: from the side-car, `/proc/1/root` + this. */
  readonly netns: string;
}

/** An address at which clients reach the Ingress, and the node that it belongs to (undefined: it moves between nodes). */
export interface Entry {
  readonly address: string;
  readonly port: number;
  readonly node: string | undefined;
}

/** What can be asked of the cluster besides its pods. */
export interface Askable {
  /** One for each node, whose only endpoint is that node's pod. None on bare. */
  readonly services: readonly { readonly node: string; readonly address: string; readonly port: number }[];
  /** TCP, open on every node's own address. */
  readonly nodePort: number;
  /** The cluster's DNS: its Service's address, a node that runs it, and names that it knows. None on bare. */
  readonly dns: { readonly address: string; readonly node: string; readonly names: readonly string[] } | undefined;
}

/**
 * It belongs to its cluster and goes with it. Disposing lets go of what the harness holds, and leaves the objects: in a
 * cluster that is kept they are what it is kept for, and one that is torn down takes them along.
 */
export interface Workload extends AsyncDisposable {
  readonly spec: WorkloadSpec;
  /** Every address of the Ingress' Service: one virtual address, or with servicelb one for each node. */
  entries(options: { signal?: AbortSignal }): Promise<readonly Entry[]>;
  /** The ready endpoints of the app now. */
  endpoints(options: { signal?: AbortSignal }): Promise<readonly Endpoint[]>;
  /**
   * Makes what a sweep asks, or changes it into what it must be now.
   * @param pods one ready endpoint of each node: the one that stands for it.
   */
  askable(pods: readonly Endpoint[], options: { signal: AbortSignal }): Promise<Askable>;
  /** Names of the nodes that run the Ingress controller now (every node on bare). */
  ingressNodes(options: { signal?: AbortSignal }): Promise<readonly string[]>;
  /**
   * The port on which the app echoes UDP at the clients' address, by a Service of its own beside the Ingress'; undefined where
   * the load balancer carries no UDP, or cannot share the address (externalTrafficPolicy Local).
   */
  readonly echoPort: number | undefined;
  /**
   * Waits until all is as it was when it was deployed: every replica a ready endpoint, the Ingress controller ready, and its
   * addresses there. For a cluster that is measured again, after a machine of it came back.
   * @throws DeadlineError
   */
  untilReady(options: { signal?: AbortSignal }): Promise<void>;
  /** Removes the app from a cluster that goes on; what another process deployed as well. */
  remove(options: { signal?: AbortSignal }): Promise<void>;
}
