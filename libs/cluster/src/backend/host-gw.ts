import { route } from '../golden/line.ts';
import type { Backend } from './backend.ts';

export const hostGw: Backend = {
  name: 'host-gw',
  what: "no encapsulation: each node has a route to every other node's pod network; the nodes must share a LAN",
  substrates: ['k3s', 'bare'],
  k3sFlags: ['--flannel-backend=host-gw'],
  nodeFlags: [],
  nodeFiles: [],
  features: ['routed'],
  needs: [],
  podMtu: 1500,
  bareSetup: (_node, neighbours) =>
    neighbours.map(({ address, podSubnet }) => ['ip', 'route', 'replace', podSubnet, 'via', address, 'dev', 'eth0']),
  golden: (_node, neighbours) =>
    neighbours.map(({ address, podSubnet }) => route({ to: podSubnet, via: address, device: 'eth0' })),
};
