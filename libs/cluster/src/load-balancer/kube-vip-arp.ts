import { electionAfterDeath, type LeaseTimes } from './lease.ts';
import { cloudProvider, CLOUD_PROVIDER } from './kube-vip/cloud-provider.ts';
import { daemonSet, DAEMON_SET, type KubeVip } from './kube-vip/daemon-set.ts';
import type { LoadBalancer } from './load-balancer.ts';
import { filled } from './settings.ts';
import type { Settings } from '../spec.ts';

/** Length of the lease, the time in which its holder must have renewed it, and how often it tries, by the setting. */
const timings: Readonly<Record<string, LeaseTimes & { readonly renewSeconds: number }>> = {
  '15/10/2': { durationSeconds: 15, renewSeconds: 10, retrySeconds: 2 },
  '5/3/1': { durationSeconds: 5, renewSeconds: 3, retrySeconds: 1 },
};

const settings = {
  version: { type: 'choice', of: ['v1.2.3'], default: 'v1.2.3', sentence: 'release of kube-vip' },
  timing: {
    type: 'choice',
    of: Object.keys(timings),
    default: '15/10/2',
    sentence: 'of its leases, in seconds: length / renewed within / tried every',
  },
  servicesElection: {
    type: 'boolean',
    default: false,
    sentence: 'a lease for each Service, and not one for all',
  },
  cloudProvider: {
    type: 'boolean',
    default: false,
    sentence: 'its cloud provider gives out the addresses, and not an annotation on the Service',
  },
} as const;

export const kubeVipArp: LoadBalancer = {
  name: 'kube-vip-arp',
  what: 'kube-vip in ARP mode: who has the lease binds the address to its interface, and the kernel answers for it',
  substrates: ['k3s'],
  k3sFlags: [],
  features: [
    'load-balancer',
    'load-balancer.failover',
    'load-balancer.icmp',
    'load-balancer.udp',
    'load-balancer.lease',
  ],
  needs: [],
  settings,
  virtualAddress: true,
  balancers: () => 0,
  images: (given) => {
    const { version, withProvider } = read(given);
    return [`ghcr.io/kube-vip/kube-vip:${version}`, ...(withProvider ? [CLOUD_PROVIDER.image] : [])];
  },
  manifests: (place) => {
    const chosen = read(place.settings);
    return [...daemonSet(chosen, place.interface), ...(chosen.withProvider ? cloudProvider(place.pool) : [])];
  },
  components: (given) => [DAEMON_SET, ...(read(given).withProvider ? [CLOUD_PROVIDER.component] : [])],
  serviceAnnotations: (address, given = {}) => ({
    ...(!read(given).withProvider && { 'kube-vip.io/loadbalancerIPs': address }),
    // Services that share an address share their lease: else two nodes could hold it. Without a lease for each it says nothing.
    'kube-vip.io/leaseName': 'kube-system/kubevip-faultline',
  }),
  // Who holds it is decided by who asks first. The provider gives out the first.
  chooseHost: ({ pool: [first] }) => first,
  process: 'kube-vip',
  failover(given) {
    const { times } = read(given);
    return {
      ...electionAfterDeath(times, STANDBYS, TELLS_EVERY_S),
      formula:
        `client-go: lease of ${times.durationSeconds} s from a standby's own sight of the last renewal, less up to ` +
        `${times.retrySeconds} s, asked every ${times.retrySeconds} s x U(1, 2.2), by ${STANDBYS} standbys; then up to ` +
        `${TELLS_EVERY_S} s until the next gratuitous ARP`,
    };
  },
};

/**
 * `vip_arpRate`, as nobody sets it: gratuitous ARPs go out at the ticks of a clock that runs since kube-vip's start (its
 * pkg/arp/arp.go). Until then clients send to the dead node's MAC, though the new one would answer if it were asked.
 */
const TELLS_EVERY_S = 3;

/** Of three nodes. With more of them it is a little earlier. */
const STANDBYS = 2;

function read(given: Settings): KubeVip & { readonly withProvider: boolean } {
  const all = filled(settings, given);
  const times = timings[String(all['timing'])];
  if (!times) throw new Error(`settings.timing: ${all['timing']}. Allowed: ${Object.keys(timings).join(', ')}`);
  return {
    version: String(all['version']),
    times,
    servicesElection: all['servicesElection'] === true,
    withProvider: all['cloudProvider'] === true,
  };
}
