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
  // Where the servers come last in the order, an agent announces, and after it another, wherever the pods are.
  chooseHost({ subnet, nodes, pool: [first, last] }) {
    const names = nodes.map(({ name }) => name);
    const servers = nodes.filter(({ role }) => role === 'server').map(({ name }) => name);
    const before = (host: number) =>
      announcers(names, addressIn(subnet, host)).findIndex((name) => servers.includes(name));
    const hosts = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    return hosts.toSorted((a, b) => before(b) - before(a))[0] ?? first;
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

/** Which of these nodes announces the address, when all have a speaker, and a ready pod where that is asked for. */
export function holderOf(nodes: readonly string[], address: string): string {
  const [first] = announcers(nodes, address);
  if (first === undefined) throw new Error(`no node to announce ${address}`);
  return first;
}

/**
 * That with the lowest hash, and when it is gone the next. It does not depend on who held it before, so a node that
 * returns takes its addresses back.
 */
function announcers(nodes: readonly string[], address: string): readonly string[] {
  const hash = (node: string) => createHash('sha256').update(`${node}#${address}`).digest('hex');
  return nodes.toSorted((a, b) => (hash(a) < hash(b) ? -1 : 1));
}

function object(kind: string, spec: Readonly<Record<string, unknown>>): KubernetesObject {
  return { apiVersion: 'metallb.io/v1beta1', kind, metadata: { name: 'faultline', namespace: NAMESPACE }, spec };
}
