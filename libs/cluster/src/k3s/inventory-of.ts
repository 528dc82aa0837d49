/** Which load balancers run in a cluster, by what is there. Pure. */
import type { LoadBalancerName } from '../spec.ts';

export interface Found {
  /** e.g. `metallb-system/speaker`. */
  readonly daemonSets: readonly string[];
  readonly namespaces: readonly string[];
  /** What each server was started with, as k3s writes it on its Node. */
  readonly serverArguments: readonly string[];
}

export interface Inventory {
  readonly loadBalancers: readonly LoadBalancerName[];
  /** What says so. */
  readonly detail: string;
}

export function inventoryOf({ daemonSets, namespaces, serverArguments }: Found): Inventory {
  const servers = serverArguments.filter((line) => line.startsWith('["server"'));
  const evidence: Readonly<Record<string, readonly string[]>> = {
    servicelb: [
      ...daemonSets.filter((name) => name.includes('/svclb-')),
      // Its pods come with the first Service; that it is there a server says by not having been told otherwise.
      ...(servers.some((line) => !line.includes('"servicelb"') && !line.includes('--disable=servicelb'))
        ? ['a server without --disable=servicelb']
        : []),
    ],
    'metallb-l2': namespaces.filter((name) => name === 'metallb-system'),
    'kube-vip-arp': daemonSets.filter((name) => name.includes('/kube-vip')),
  };
  const there = Object.entries(evidence).filter(([, found]) => found.length > 0);
  return {
    loadBalancers: there.map(([name]) => name as LoadBalancerName),
    detail: there.map(([name, found]) => `${name}: ${found.join(', ')}`).join('; ') || 'none in the cluster',
  };
}
