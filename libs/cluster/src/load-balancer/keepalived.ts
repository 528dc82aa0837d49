import type { LoadBalancer } from './load-balancer.ts';

/** VRRP, as most people configure it: multicast, version 2, preemption on (a node that returns takes the address back). */
export const VRRP = { router: 51, advertSeconds: 1 } as const;

/**
 * The first node has 255, the "owner" of the address: alone with that, keepalived starts without an election, which would
 * add 3.6 s to every boot. The others have 100, 99, and so on. What a failover takes depends on the successor's alone.
 */
export const priorityOf = (index: number): number => (index === 0 ? 255 : 101 - index);

/**
 * From the death of the announcer to its successor, in milliseconds.
 *
 * A backup waits three adverts and its skew, (256 - priority) / 256 of an advert (RFC 3768), from the last advert it saw,
 * and the death falls anywhere between two adverts.
 */
export function failoverOf(successor: number): { atLeastMs: number; atMostMs: number } {
  const advert = VRRP.advertSeconds * 1000;
  const wait = 3 * advert + (advert * (256 - successor)) / 256;
  return { atLeastMs: Math.floor(wait - advert), atMostMs: Math.ceil(wait) };
}

export const keepalived: LoadBalancer = {
  name: 'keepalived',
  what: 'VRRP between the nodes: the living node with the highest priority holds the address',
  substrates: ['bare'],
  k3sFlags: [],
  features: ['load-balancer', 'load-balancer.failover'],
  needs: [],
  virtualAddress: true,
  failover: {
    ...failoverOf(priorityOf(1)),
    formula: '3 adverts of 1 s + skew (256 - priority)/256 s, less up to one advert',
  },
};

/** keepalived.conf of a node. Multicast: no neighbour is named, so a node that is not there is not waited for. */
export function keepalivedConfig(node: { name: string; index: number; virtualAddress: string }): string {
  return `global_defs {
  router_id ${node.name}
}
vrrp_instance faultline {
  state ${node.index === 0 ? 'MASTER' : 'BACKUP'}
  interface eth0
  virtual_router_id ${VRRP.router}
  priority ${priorityOf(node.index)}
  advert_int ${VRRP.advertSeconds}
  virtual_ipaddress {
    ${node.virtualAddress}/32 dev eth0
  }
}
`;
}
