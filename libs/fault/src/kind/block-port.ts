import type { FaultKind } from './kind.ts';

export const blockPort: FaultKind = {
  name: 'block-port',
  sentence: 'Drops what comes to or leaves the node for one port, as a firewall in front of it does.',
  parameters: {
    protocol: { type: 'choice', of: ['tcp', 'udp', 'tcp+udp'], sentence: 'the transport protocol' },
    port: { type: 'integer', min: 1, max: 65_535, sentence: 'the destination port' },
    direction: { type: 'choice', of: ['in', 'out', 'both'], default: 'both', sentence: 'as the node sees it' },
  },
  capability: 'nft.owner',
  issue: 'https://github.com/flannel-io/flannel/issues/2388',
  breaks: 'packets for the port are dropped and counted in the direction asked for',
};
