/**
 * What a cluster is to be (spec), and what exactly will be booted (plan): data, computed without touching anything.
 */
import type { Substrate } from '@faultline/history';

export type BackendName = 'vxlan' | 'host-gw';
export type LoadBalancerName = 'servicelb' | 'keepalived';
export type NodeRole = 'server' | 'agent';

export interface ClusterSpec {
  readonly substrate: Substrate;
  /** 1 to 7. One: SQLite. Three or more: embedded etcd. */
  readonly servers: number;
  /** 0 to 20. */
  readonly agents: number;
  readonly backend: BackendName;
  readonly loadBalancer: LoadBalancerName;
  /** e.g. `v1.33.3+k3s1`; only on k3s. */
  readonly k3s?: string;
}

export interface NodePlan {
  /** `server-0`, `agent-0`, ...: also the Kubernetes node name and the host name. */
  readonly name: string;
  readonly role: NodeRole;
  /** Last octet in the run's /24: nodes .10 and up. */
  readonly host: number;
  /** The node's pod network, as Flannel gives it out: 10.42.<index>.0/24. On k3s it is only known once the node joined. */
  readonly podSubnet: string | null;
}

export interface ClusterPlan {
  readonly spec: ClusterSpec;
  readonly nodes: readonly NodePlan[];
  /** Last octet of the client container: .100. */
  readonly clientHost: number;
  /** Last octet of the virtual address: .200. Null where nodes' own addresses are announced (servicelb). */
  readonly virtualHost: number | null;
  /** Wanted subnet, e.g. `198.18.7.0/24`; null: picked free at boot. */
  readonly subnet: string | null;
  /** Our images that must be there (`faultline/tools:..`), and the k3s images of this release (empty on bare). */
  readonly images: readonly string[];
}
