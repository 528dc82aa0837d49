import { createHash } from 'node:crypto';
import type { Argv } from '../bare/node/config.ts';
import type { Backend, PodRoute } from './backend.ts';

const LINK = 'flannel.1';

export const vxlan: Backend = {
  name: 'vxlan',
  what: "Flannel's default: pod packets between nodes travel in the kernel's VXLAN, VNI 1, UDP port 8472",
  substrates: ['k3s', 'bare'],
  k3sFlags: ['--flannel-backend=vxlan'],
  features: ['overlay', 'overlay.udp-8472'],
  needs: ['vxlan'],
  podMtu: 1450,

  /** No learning and no flooding: every neighbour's MAC and address stand in the tables, permanently, as Flannel writes them. */
  bareSetup(node, neighbours) {
    const vtep = ['id', '1', 'local', node.address, 'dev', 'eth0', 'dstport', '8472', 'nolearning'];
    return [
      ['ip', 'link', 'add', LINK, 'address', vtepMac(node), 'mtu', '1450', 'type', 'vxlan', ...vtep],
      ['ip', 'address', 'add', `${networkOf(node)}/32`, 'dev', LINK],
      ['ip', 'link', 'set', LINK, 'up'],
      ...neighbours.flatMap((neighbour): readonly Argv[] => [
        [
          'ip',
          'neighbour',
          'replace',
          networkOf(neighbour),
          'lladdr',
          vtepMac(neighbour),
          'dev',
          LINK,
          'nud',
          'permanent',
        ],
        ['bridge', 'fdb', 'replace', vtepMac(neighbour), 'dev', LINK, 'dst', neighbour.address, 'self', 'permanent'],
        ['ip', 'route', 'replace', neighbour.podSubnet, 'via', networkOf(neighbour), 'dev', LINK, 'onlink'],
      ]),
    ];
  },
};

/** 10.42.1.0, which is also the address of the node's VXLAN interface. */
const networkOf = ({ podSubnet }: PodRoute): string => podSubnet.slice(0, podSubnet.indexOf('/'));

/** Flannel rolls dice for it and publishes it. Here it follows from the address, so that no node has to wait for another. */
export function vtepMac({ address }: PodRoute): string {
  const hash = createHash('sha256').update(`vtep ${address}`).digest('hex');
  // 02: locally administered, unicast.
  return ['02', ...(hash.match(/../g) ?? []).slice(0, 5)].join(':');
}
