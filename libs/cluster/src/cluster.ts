/**
 * A running cluster, the same to the layers above whatever its nodes are made of.
 */
import type { Commander, Engine } from '@faultline/control';
import type { History, Substrate } from '@faultline/history';
import type { ClusterPlan, NodeRole } from './spec.ts';

/** A node. As a Commander it runs commands inside the node container. */
export interface ClusterNode extends Commander {
  readonly role: NodeRole;
  /** On the LAN, e.g. `198.18.7.10`. */
  readonly address: string;
  /** Of its LAN interface, lower case. */
  readonly mac: string;
  /** Its LAN interface as seen inside: `eth0`. */
  readonly interface: string;
  /** The engine's id of the node container. */
  readonly container: string;
  /**
   * The side-car: a privileged `faultline/tools` container in the node's network and PID namespaces (the node's own
   * files are under /proc/1/root). It has nft, ip, tcpdump, nsenter and node, whatever the node's image lacks. It dies
   * with the node.
   */
  readonly side: Commander & { readonly container: string };
}

export interface Client extends Commander {
  readonly address: string;
  readonly container: string;
}

export interface Cluster extends AsyncDisposable {
  readonly plan: ClusterPlan;
  readonly substrate: Substrate;
  readonly run: string;
  readonly engine: Engine;
  readonly network: { readonly id: string; readonly name: string; readonly subnet: string };
  readonly nodes: readonly ClusterNode[];
  /** The pair of machines in front of the cluster; empty where the load balancer runs in it. */
  readonly balancers: readonly ClusterNode[];
  /** A container on the LAN that is no node: what clients see is what it sees. No NAT stands between it and any address. */
  readonly client: Client;
  /** Path of a kubeconfig (0600) whose server is on 127.0.0.1; undefined on bare. */
  readonly kubeconfig: string | undefined;
  /** The virtual address, or undefined where nodes' own addresses are announced (servicelb). */
  readonly virtualAddress: string | undefined;
  /** Versions for the run's first line: k3s, containerd, kernel, engine, as far as they apply. */
  readonly versions: Readonly<Record<string, string>>;
  /** Who answers for the address now, by asking the LAN (ARP who-has from the client); undefined: nobody. */
  announcer(address: string, options: { signal?: AbortSignal }): Promise<ClusterNode | undefined>;
  /**
   * Makes the node let go of the address in an orderly way, so that another machine announces it; returns when one does.
   * Only where the load balancer's announcer is chosen by an election (kube-vip).
   * @throws Error where it is not; DeadlineError
   */
  yieldAddress(node: string, options: { signal?: AbortSignal }): Promise<void>;
  /**
   * Replaces the handle of a node that was started again (new side-car, same name and address), once it is up again.
   * @param options container: the one that took its container's place; the same unless told.
   * @throws DeadlineError
   */
  revive(name: string, options: { signal?: AbortSignal; container?: string }): Promise<ClusterNode>;
  /** Leaves the cluster running when disposed: for `--keep` and `faultline up`. */
  keep(): void;
}

export interface BootOptions {
  readonly engine: Engine;
  readonly history: History;
  readonly signal: AbortSignal;
  /** Id of the run: label value and name prefix of everything made. */
  readonly run: string;
  /** Folder of the run: kubeconfig and logs go there. */
  readonly folder: string;
  /** Labels for everything made, from control's `labelsOf`. */
  readonly labels: Readonly<Record<string, string>>;
}
