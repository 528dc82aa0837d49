import { POD_NETWORK } from '../golden/pod-network.ts';
import { FLANNEL_CONF, type Backend } from './backend.ts';
import { hostGw } from './host-gw.ts';
import { goldenLink, setUpLink, vxlan } from './vxlan.ts';

/** k3s has no flag for it: Flannel's own configuration takes the place of the one that k3s writes, on every node. */
const configuration = {
  Network: POD_NETWORK,
  EnableIPv4: true,
  EnableIPv6: false,
  IPv6Network: '::/0',
  Backend: { Type: 'vxlan', DirectRouting: true },
};

export const vxlanDirectRouting: Backend = {
  name: 'vxlan-direct-routing',
  what: 'VXLAN for nodes behind a router, plain routes (as host-gw) to those on the same LAN: here that is every node',
  substrates: ['k3s', 'bare'],
  k3sFlags: ['--flannel-backend=vxlan'],
  nodeFlags: [`--flannel-conf=${FLANNEL_CONF}`],
  nodeFiles: [{ path: FLANNEL_CONF, content: `${JSON.stringify(configuration, null, 2)}\n` }],
  // No packet of theirs ever passes by UDP 8472, so a filter on that port breaks nothing.
  features: ['routed'],
  needs: vxlan.needs,
  // The overlay's: Flannel cannot know which of its ways a packet will take.
  podMtu: vxlan.podMtu,
  bareSetup: (node, neighbours) => [...setUpLink(node), ...hostGw.bareSetup(node, neighbours)],
  golden: (node, neighbours) => [...goldenLink(node), ...(hostGw.golden(node, neighbours) ?? [])],
};
