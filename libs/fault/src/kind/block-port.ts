import type { FaultKind } from './kind.ts';

export const blockPort: FaultKind = {
  name: 'block-port',
  sentence: 'Drops what comes to or leaves the node for a port, as a firewall in front of it does.',
  parameters: {
    protocol: { type: 'choice', of: ['tcp', 'udp', 'tcp+udp'], sentence: 'the transport protocol' },
    port: { type: 'ports', sentence: 'the destination port, or several' },
    direction: { type: 'choice', of: ['in', 'out', 'both'], default: 'both', sentence: 'as the node sees it' },
    peers: { type: 'peers', default: 'anyone', sentence: 'only what is exchanged with these' },
  },
  capability: 'nft.owner',
  issue: 'https://github.com/flannel-io/flannel/issues/2388',
  sparesPing: true,
  breaks: 'packets for the port are dropped and counted in the direction asked for',
};
