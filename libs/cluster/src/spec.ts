/**
 * What a cluster is to be (spec), and what exactly will be booted (plan): data, computed without touching anything.
 */
import type { Substrate } from '@faultline/history';

export type BackendName = 'vxlan' | 'vxlan-direct-routing' | 'host-gw' | 'wireguard-native' | 'none';
export type LoadBalancerName = 'servicelb' | 'metallb-l2' | 'kube-vip-arp' | 'keepalived';
/** How the Ingress controller is laid out; see controller/. */
export type ControllerName = 'default' | 'on-servers' | 'daemonset' | 'two-replicas' | 'fast-eviction';
export type ControllerPlace = 'anywhere' | 'agents';
export type TrafficPolicy = 'Cluster' | 'Local';
/** A balancer is a machine outside the cluster, of a pair that holds the address in front of it. */
export type NodeRole = 'server' | 'agent' | 'balancer';
/** Of a load balancer, by the names that its record declares; what is left out has its default. */
export type Settings = Readonly<Record<string, string | number | boolean>>;

/** A network of the user's own, in place of Flannel. */
export interface Cni {
  /** What people call it: the file's name. */
  readonly name: string;
  /** YAML, as it is applied. */
  readonly manifest: string;
}

export interface ClusterSpec {
  readonly substrate: Substrate;
  /** 1 to 7. One: SQLite. Three or more: embedded etcd. */
  readonly servers: number;
  /** 0 to 20. */
  readonly agents: number;
  readonly backend: BackendName;
  /** With the backend `none`, and only then. */
  readonly cni?: Cni;
  readonly loadBalancer: LoadBalancerName;
  /** e.g. `{ timing: '5/3/1' }` of kube-vip. */
  readonly settings?: Settings;
  /** `default`: as k3s installs it. */
  readonly controller?: ControllerName;
  /** `agents`: never on a server, so that the node with its only pod can be struck without the control plane. `anywhere` unless told. */
  readonly controllerPlace?: ControllerPlace;
  /** `externalTrafficPolicy` of the Ingress controller's Service; `Cluster` unless told. */
  readonly trafficPolicy?: TrafficPolicy;
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
  /** Machines outside the cluster that hold the address in front of it: .20 and .21, where the load balancer is such a pair. */
  readonly balancers: readonly NodePlan[];
  /** Last octet of the client container: .100. */
  readonly clientHost: number;
  /** Last octets that may be given out, first and last: .200 to .219. Null where nodes' own addresses are announced (servicelb). */
  readonly pool: readonly [first: number, last: number] | null;
  /** Wanted subnet, e.g. `198.18.7.0/24`; null: picked free at boot. */
  readonly subnet: string | null;
  /** Our images that must be there (`faultline/tools:..`), and the k3s images of this release (empty on bare). */
  readonly images: readonly string[];
}
