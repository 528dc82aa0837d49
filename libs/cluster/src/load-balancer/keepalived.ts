/**
 * VRRP, as most people configure it: multicast, version 2, preemption on (a machine that returns takes the address back).
 * On bare the nodes hold the address themselves; on k3s a pair of machines in front of the cluster does, with HAProxy.
 */
import type { Envelope, LoadBalancer } from './load-balancer.ts';

export const VRRP = { router: 51, advertSeconds: 1 } as const;

/**
 * Of bare nodes. The first has 255, the "owner" of the address: alone with that, keepalived starts without an election,
 * which would add 3.6 s to every boot. The others have 100, 99, and so on. What a failover takes depends on the
 * successor's alone.
 */
export const priorityOf = (index: number): number => (index === 0 ? 255 : 101 - index);

/** Of the pair in front of k3s, as in k3s' documentation. Their election is over long before the cluster is up. */
export const PAIR = [200, 100] as const;

/**
 * From the death of the announcer to its successor, in milliseconds.
 *
 * A backup waits three adverts and its skew, (256 - priority) / 256 of an advert (RFC 3768), from the last advert it saw,
 * and the death falls anywhere between two adverts, each moment as likely as the next.
 */
export function failoverOf(successor: number): Omit<Envelope, 'formula'> {
  const advert = VRRP.advertSeconds * 1000;
  const wait = 3 * advert + (advert * (256 - successor)) / 256;
  return { atLeastMs: Math.floor(wait - advert), medianMs: Math.round(wait - advert / 2), atMostMs: Math.ceil(wait) };
}

export const keepalived: LoadBalancer = {
  name: 'keepalived',
  what: 'VRRP: the living machine with the highest priority holds the address; on k3s a pair with HAProxy before the nodes',
  substrates: ['k3s', 'bare'],
  k3sFlags: [],
  features: ['load-balancer', 'load-balancer.failover', 'load-balancer.icmp', 'load-balancer.api'],
  needs: [],
  settings: {},
  virtualAddress: true,
  balancers: (substrate) => (substrate === 'k3s' ? PAIR.length : 0),
  images: () => [],
  manifests: () => [],
  components: () => [],
  serviceAnnotations: () => ({}),
  chooseHost: ({ pool: [first] }) => first,
  process: 'keepalived',
  // The same on both substrates: the successor's priority is 100.
  failover: () => ({
    ...failoverOf(PAIR[1]),
    formula: '3 adverts of 1 s + skew (256 - priority)/256 s, less up to one advert',
  }),
};

export interface VrrpMember {
  readonly name: string;
  readonly priority: number;
  /** Whether it is the one that is to hold the address when all are there. */
  readonly first: boolean;
  readonly virtualAddress: string;
  /** A process without which it must not hold the address. */
  readonly needs?: string;
}

/** keepalived.conf of a machine. Multicast: no neighbour is named, so one that is not there is not waited for. */
export function keepalivedConfig({ name, priority, first, virtualAddress, needs }: VrrpMember): string {
  return `global_defs {
  router_id ${name}
${needs ? '  enable_script_security\n  script_user root\n' : ''}}
${needs ? trackedProcess(needs) : ''}vrrp_instance faultline {
  state ${first ? 'MASTER' : 'BACKUP'}
  interface eth0
  virtual_router_id ${VRRP.router}
  priority ${priority}
  advert_int ${VRRP.advertSeconds}
  virtual_ipaddress {
    ${virtualAddress}/32 dev eth0
  }
${needs ? `  track_script {\n    ${needs}-runs\n  }\n` : ''}}
`;
}

/**
 * A script, as in k3s' documentation: keepalived's own way asks the kernel, which answers nobody in a container. Twice,
 * because on a busy host a script may take longer than it is given, and that is no reason to let the address go.
 */
function trackedProcess(name: string): string {
  return `vrrp_script ${name}-runs {
  script "/usr/bin/pkill -0 -x ${name}"
  interval 2
  fall 2
}
`;
}
