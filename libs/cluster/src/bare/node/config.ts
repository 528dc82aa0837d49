/** The files that tell a bare node, or a balancer, what to be: they outlive a SIGKILL, so that it comes back by itself. */

export const FILES = {
  /** NodeConfig; written before the node first starts. */
  node: '/etc/faultline/node.json',
  /** keepalived's configuration; written before the node first starts. */
  keepalived: '/etc/faultline/keepalived.conf',
  /**
   * HAProxy's configuration. On a bare node written by the workload, then `faultline-node reload-ingress`; on a balancer
   * before it first starts.
   */
  ingress: '/etc/faultline/haproxy.cfg',
  /** Array of Pod. Written by the workload, then `faultline-node apply-pods`. */
  pods: '/etc/faultline/pods.json',
} as const;

export const SOCKET = '/run/faultline-node.sock';

/** A command as an argument array. */
export type Argv = readonly string[];

export interface NodeConfig {
  readonly name: string;
  /** Run in order at each start, in a network namespace in which nothing is set up yet. */
  readonly setup: readonly Argv[];
  /** Null: it has no pods. */
  readonly pods: PodNetwork | null;
}

/** A node's pod network: its bridge, the bridge's address, and what pods use. */
export interface PodNetwork {
  readonly bridge: string;
  readonly gateway: string;
  readonly prefix: number;
  readonly mtu: number;
}

export interface Pod {
  readonly name: string;
  /** In the node's pod network, without prefix. */
  readonly address: string;
  /** `/run/netns/<name>`. */
  readonly netns: string;
  readonly env: Readonly<Record<string, string>>;
  readonly argv: Argv;
}

/** What every command of `faultline-node` prints when it succeeded. */
export interface NodeStatus {
  readonly keepalived: boolean;
  /** Null: there is no configuration for it yet. */
  readonly ingress: boolean | null;
  /** By name of pod, whether its process runs. */
  readonly pods: Readonly<Record<string, boolean>>;
}
