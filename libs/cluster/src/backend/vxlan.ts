import { createHash } from 'node:crypto';
import type { Argv } from '../bare/node/config.ts';
import { address, forwarding, neighbour as entry, route, vxlanLink } from '../golden/line.ts';
import { networkAddress } from '../golden/pod-network.ts';
import type { Backend, Peer, PodRoute } from './backend.ts';

const LINK = 'flannel.1';
const PORT = 8472;
const MTU = 1450;

export const vxlan: Backend = {
  name: 'vxlan',
  what: "Flannel's default: pod packets between nodes travel in the kernel's VXLAN, VNI 1, UDP port 8472",
  substrates: ['k3s', 'bare'],
  k3sFlags: ['--flannel-backend=vxlan'],
  nodeFlags: [],
  nodeFiles: [],
  features: ['overlay', 'overlay.udp-8472'],
  needs: ['vxlan'],
  podMtu: MTU,

  /** No learning and no flooding: every neighbour's MAC and address stand in the tables, permanently, as Flannel writes them. */
  bareSetup: (node, neighbours) => [
    ...setUpLink(node),
    ...neighbours.flatMap((neighbour): readonly Argv[] => {
      const [network, mac] = [networkAddress(neighbour.podSubnet), vtepMac(neighbour)];
      return [
        ['ip', 'neighbour', 'replace', network, 'lladdr', mac, 'dev', LINK, 'nud', 'permanent'],
        ['bridge', 'fdb', 'replace', mac, 'dev', LINK, 'dst', neighbour.address, 'self', 'permanent'],
        ['ip', 'route', 'replace', neighbour.podSubnet, 'via', network, 'dev', LINK, 'onlink'],
      ];
    }),
  ],

  golden: (node, neighbours) => [
    ...goldenLink(node),
    ...neighbours.flatMap((neighbour) => {
      const [network, mac] = [networkAddress(neighbour.podSubnet), said(neighbour.vtepMac)];
      return [
        entry(network, LINK, mac),
        forwarding(mac, LINK, neighbour.address),
        route({ to: neighbour.podSubnet, via: network, device: LINK, onlink: true }),
      ];
    }),
  ],
};

/** The interface by itself, which also DirectRouting has: its commands on bare, */
export function setUpLink(node: PodRoute): readonly Argv[] {
  const vtep = ['id', '1', 'local', node.address, 'dev', 'eth0', 'dstport', String(PORT), 'nolearning'];
  return [
    ['ip', 'link', 'add', LINK, 'address', vtepMac(node), 'mtu', String(MTU), 'type', 'vxlan', ...vtep],
    ['ip', 'address', 'add', `${networkAddress(node.podSubnet)}/32`, 'dev', LINK],
    ['ip', 'link', 'set', LINK, 'up'],
  ];
}

const AS_FLANNEL_SETS_IT = { name: LINK, id: 1, port: PORT, over: 'eth0', learning: false, mtu: MTU, up: true };

/** and what must be there. */
export const goldenLink = (node: Peer): readonly string[] => [
  vxlanLink({ ...AS_FLANNEL_SETS_IT, local: node.address, mac: said(node.vtepMac) }),
  address(LINK, `${networkAddress(node.podSubnet)}/32`),
];

/** A node that has published none cannot be reached: its line is missing, and says so. */
const said = (mac: string | null): string => mac ?? '(not published)';

/** Flannel rolls dice for it and publishes it. Here it follows from the address, so that no node has to wait for another. */
export function vtepMac({ address: of }: Pick<PodRoute, 'address'>): string {
  const hash = createHash('sha256').update(`vtep ${of}`).digest('hex');
  // 02: locally administered, unicast.
  return ['02', ...(hash.match(/../g) ?? []).slice(0, 5)].join(':');
}
