/**
 * The golden data plane: what a node must hold so that pods reach pods, computed from what the cluster itself says of its
 * nodes, and compared with what is there. "It pings" is not enough: a stale entry waits for the address to be used again.
 */
import type { Substrate } from '@faultline/history';
import type { Peer } from '../backend/backend.ts';
import { backends } from '../backend/index.ts';
import type { BackendName } from '../spec.ts';
import { flannelRules, gatewayOf, subnetFile } from './flannel.ts';
import { kubeProxyHooks } from './kube-proxy.ts';
import { address, plainLink, podLinks, route, sysctl } from './line.ts';
import { BRIDGE, networkAddress, POD_NETWORK } from './pod-network.ts';

/** What the cluster says of a node: Kubernetes on k3s, the plan on bare. */
export interface NodeFacts extends Peer {
  /** Whether a pod with an address of its own runs there: the first makes the bridge. */
  readonly hasPods: boolean;
}

export interface Golden {
  readonly required: readonly string[];
  /** May be there or not: the bridge stays when the last pod has gone. */
  readonly allowed: readonly string[];
  /** Should be there, and is lost to k3s itself at times: that is told, and is no difference. */
  readonly fragile: readonly string[];
}

export interface Compared {
  /** How many lines were required. */
  readonly checked: number;
  readonly missing: readonly string[];
  readonly extra: readonly string[];
  /** Of the fragile lines, those that are not there. */
  readonly lost: readonly string[];
}

/** Null where nobody knows: the network is one of the user's own. */
export function goldenOf(
  node: NodeFacts,
  neighbours: readonly NodeFacts[],
  { backend: name, substrate }: { readonly backend: BackendName; readonly substrate: Substrate },
): Golden | null {
  const backend = backends[name];
  const overlay = backend.golden(node, neighbours);
  if (!overlay) return null;
  const { podSubnet, hasPods } = node;
  const bridge = bridgeOf(podSubnet, backend.podMtu);
  const required = [
    ...overlay,
    sysctl('net.ipv4.ip_forward', '1'),
    ...(substrate === 'k3s'
      ? [...flannelRules(podSubnet), ...kubeProxyHooks('nat'), ...subnetFile(podSubnet, backend.podMtu)]
      : [route({ to: POD_NETWORK, type: 'unreachable' })]),
  ];
  const pods = podLinks(BRIDGE, backend.podMtu);
  const fragile = substrate === 'k3s' ? kubeProxyHooks('filter') : [];
  if (hasPods) return { required: [...required, ...bridge], allowed: [pods], fragile };
  // A bridge that nothing hangs on any more has the MTU of a new one.
  const unused = plainLink({ name: BRIDGE, kind: 'bridge', mtu: 1500, up: true });
  return { required, allowed: [...bridge, unused, pods], fragile };
}

const bridgeOf = (podSubnet: string, mtu: number): readonly string[] => [
  plainLink({ name: BRIDGE, kind: 'bridge', mtu, up: true }),
  address(BRIDGE, gatewayOf(podSubnet)),
  route({ to: podSubnet, device: BRIDGE, source: networkAddress(gatewayOf(podSubnet)) }),
];

/** @param actual lines of readLines. A line that is there twice is extra once. */
export function compareGolden({ required, allowed, fragile }: Golden, actual: readonly string[]): Compared {
  const left = [...actual];
  const take = (line: string): boolean => {
    const index = left.indexOf(line);
    if (index >= 0) left.splice(index, 1);
    return index >= 0;
  };
  const missing = required.filter((line) => !take(line));
  allowed.forEach(take);
  const lost = fragile.filter((line) => !take(line));
  return { checked: required.length, missing: [...missing, ...misplaced(required, actual)], extra: left, lost };
}

/** Rules that are all there, and not in their order, let the wrong one decide. Rules of others may stand between. */
function misplaced(required: readonly string[], actual: readonly string[]): readonly string[] {
  const rules = required.filter((line) => line.startsWith('iptables ') && actual.includes(line));
  const wanted = new Set(rules);
  const found = [...new Set(actual.filter((line) => wanted.has(line)))];
  const chain = (line: string): string => line.split(' ').slice(0, 4).join(' ');
  return [...Map.groupBy(rules, chain)]
    .filter(([name, lines]) => lines.join('\n') !== found.filter((line) => chain(line) === name).join('\n'))
    .map(([name]) => `order of ${name}`);
}
