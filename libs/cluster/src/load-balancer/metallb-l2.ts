import { createHash } from 'node:crypto';
import { addressIn } from '../subnet.ts';
import type { KubernetesObject, LoadBalancer } from './load-balancer.ts';
import native from './metallb/native-v0.15.3.json' with { type: 'json' };
import { filled } from './settings.ts';

const NAMESPACE = 'metallb-system';

/** Upstream's manifest of each version, from metallb/: to add one, its file there and its line here. */
const versions: Readonly<Record<string, readonly KubernetesObject[]>> = { [native.version]: native.objects };

const settings = {
  version: {
    type: 'choice',
    of: Object.keys(versions),
    default: native.version,
    sentence: 'release of MetalLB, with the manifest as upstream has it',
  },
} as const;

export const metallbL2: LoadBalancer = {
  name: 'metallb-l2',
  what: 'MetalLB in layer 2: speakers agree by gossip who answers ARP for the address; nobody does where no pod is ready',
  substrates: ['k3s'],
  k3sFlags: [],
  features: ['load-balancer', 'load-balancer.failover', 'load-balancer.udp', 'load-balancer.peers'],
  needs: [],
  settings,
  virtualAddress: true,
  balancers: () => 0,
  images: (given) => {
    const { version } = filled(settings, given);
    return [`quay.io/metallb/controller:${version}`, `quay.io/metallb/speaker:${version}`];
  },
  manifests: (place) => [
    ...(versions[String(filled(settings, place.settings)['version'])] ?? []),
    object('IPAddressPool', { addresses: [place.pool.join('-')], autoAssign: true }),
    object('L2Advertisement', { ipAddressPools: ['faultline'], interfaces: [place.interface] }),
  ],
  components: () => [
    { kind: 'Deployment', namespace: NAMESPACE, name: 'controller' },
    { kind: 'DaemonSet', namespace: NAMESPACE, name: 'speaker' },
  ],
  serviceAnnotations: (address) => ({
    'metallb.io/loadBalancerIPs': address,
    // The same word on both: then they share it.
    'metallb.io/allow-shared-ip': 'faultline',
  }),
  chooseHost({ subnet, nodes, pool: [first, last] }) {
    const spared = nodes.filter(({ role }) => role === 'agent').map(({ name }) => name);
    const names = nodes.map(({ name }) => name);
    const hosts = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    return hosts.find((host) => spared.includes(holderOf(names, addressIn(subnet, host)))) ?? first;
  },
  process: 'speaker',
  failover: () => ({
    atLeastMs: 5_000,
    medianMs: 5_600,
    atMostMs: 7_000,
    formula:
      'memberlist (LAN): a dead speaker is probed within 2 s, suspected after 1 s more, and dead after another ' +
      '4 s x max(1, log10 of the members)',
  }),
};

/**
 * Which of these nodes announces the address, when all have a speaker and a ready pod: that with the lowest hash. It does
 * not depend on who held it before, so a node that returns takes its addresses back.
 */
export function holderOf(nodes: readonly string[], address: string): string {
  const hash = (node: string) => createHash('sha256').update(`${node}#${address}`).digest('hex');
  const [first] = nodes.toSorted((a, b) => (hash(a) < hash(b) ? -1 : 1));
  if (first === undefined) throw new Error(`no node to announce ${address}`);
  return first;
}

function object(kind: string, spec: Readonly<Record<string, unknown>>): KubernetesObject {
  return { apiVersion: 'metallb.io/v1beta1', kind, metadata: { name: 'faultline', namespace: NAMESPACE }, spec };
}
