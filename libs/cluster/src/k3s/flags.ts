/** What k3s is told: the command of each node, as data. */
import { minorOf } from '../image/catalogue.ts';
import { virtualHostOf } from '../plan-cluster.ts';
import { addressIn } from '../subnet.ts';
import { backends } from '../backend/index.ts';
import { loadBalancers } from '../load-balancer/index.ts';
import type { ClusterPlan, NodePlan } from '../spec.ts';
import { disabledOf } from './components.ts';

/** Of the API and of the supervisor, which k3s serves on one port. */
export const API_PORT = 6443;

/** Where the token stands, in a file of mode 0600: arguments and environment are for everyone who may ask the engine. */
export const CONFIG_FILE = '/etc/rancher/k3s/config.yaml';

export interface FlagOptions {
  /** e.g. `v1.33.3+k3s1`. */
  readonly version: string;
  readonly subnet: string;
  /** 1 or 2: that of the engine's host. */
  readonly cgroups: 1 | 2;
}

/** What stands in that file. An argument could not be changed any more, but a file in config.yaml.d can change these. */
export const configOf = ({ role }: NodePlan, token: string): Readonly<Record<string, string>> => ({
  token,
  ...(role === 'server' && { 'write-kubeconfig-mode': '600' }),
});

/** Arguments of `k3s` on this node. */
export function k3sArguments(node: NodePlan, plan: ClusterPlan, options: FlagOptions): readonly string[] {
  const [first] = plan.nodes;
  if (!first) throw new Error('a plan without nodes');
  const join =
    node.name === first.name ? [] : [`--server=https://${addressIn(options.subnet, first.host)}:${API_PORT}`];
  const role =
    node.role === 'agent' ? ['agent', ...join] : ['server', ...join, ...serverFlags(node, plan, options.subnet)];
  return [...role, ...nodeFlags(node, options), ...backends[plan.spec.backend].nodeFlags];
}

function serverFlags(node: NodePlan, plan: ClusterPlan, subnet: string): readonly string[] {
  const { spec, nodes, balancers } = plan;
  const virtualHost = virtualHostOf(plan, subnet);
  return [
    // SQLite unless there is another server to agree with.
    ...(spec.servers > 1 && node.name === nodes[0]?.name ? ['--cluster-init'] : []),
    '--tls-san=127.0.0.1',
    // Balancers in front carry the API too, at their address.
    ...(balancers.length > 0 && virtualHost !== null ? [`--tls-san=${addressIn(subnet, virtualHost)}`] : []),
    ...disabledOf(spec).map((component) => `--disable=${component}`),
    ...backends[spec.backend].k3sFlags,
    ...loadBalancers[spec.loadBalancer].k3sFlags,
  ];
}

function nodeFlags(node: NodePlan, { version, subnet, cgroups }: FlagOptions): readonly string[] {
  return [
    `--node-name=${node.name}`,
    // Given and not guessed: k3s and Flannel guess by the default route, and there is none.
    `--node-ip=${addressIn(subnet, node.host)}`,
    '--flannel-iface=eth0',
    ...[...kubeletDisk, ...(cgroups === 1 && minorOf(version) >= 35 ? ['fail-cgroupv1=false'] : [])].map(
      (argument) => `--kubelet-arg=${argument}`,
    ),
  ];
}

/**
 * All nodes see the one disk of the host. Where that is nearly full, as on many a laptop, kubelets would taint their
 * nodes and evict pods, and a run would measure that. They still do at the last percent, so that the host survives.
 * Unused images are never collected: none can be had again.
 */
const kubeletDisk = [
  'eviction-hard=memory.available<100Mi,nodefs.available<1%,imagefs.available<1%,nodefs.inodesFree<1%',
  'eviction-minimum-reclaim=nodefs.available=1%,imagefs.available=1%',
  'image-gc-high-threshold=100',
];
