import { address, plainLink, route, wireguardDevice, wireguardPeer } from '../golden/line.ts';
import { networkAddress, POD_NETWORK } from '../golden/pod-network.ts';
import type { Backend } from './backend.ts';

const LINK = 'flannel-wg';
const PORT = 51_820;
/** Flannel takes 80 bytes off the LAN's (pkg/backend/wireguard/wireguard_network.go). */
const MTU = 1420;
/** Seconds; k3s writes it into Flannel's configuration (pkg/agent/flannel/setup.go). */
const KEEPALIVE = 25;
const NOT_PUBLISHED = '(not published)';

/** Flannel asks the kernel for it, and has no implementation of its own: a host without WireGuard skips its cells. */
export const wireguardNative: Backend = {
  name: 'wireguard-native',
  what: "pod packets between nodes travel encrypted in the kernel's WireGuard, UDP port 51820",
  substrates: ['k3s'],
  k3sFlags: ['--flannel-backend=wireguard-native'],
  nodeFlags: [],
  nodeFiles: [],
  features: ['overlay', 'overlay.udp-51820', 'overlay.encrypted'],
  needs: ['wireguard'],
  podMtu: MTU,
  bareSetup: () => {
    throw new Error('wireguard-native is not built on bare: its keys are made by Flannel');
  },
  golden: (node, neighbours) => [
    plainLink({ name: LINK, kind: 'wireguard', mtu: MTU, up: true }),
    address(LINK, `${networkAddress(node.podSubnet)}/32`),
    route({ to: POD_NETWORK, device: LINK }),
    wireguardDevice(LINK, node.publicKey ?? NOT_PUBLISHED, PORT),
    ...neighbours.map(({ publicKey, address: at, podSubnet: allowed }) =>
      wireguardPeer({
        device: LINK,
        key: publicKey ?? NOT_PUBLISHED,
        endpoint: `${at}:${PORT}`,
        allowed,
        keepalive: KEEPALIVE,
      }),
    ),
  ],
};
