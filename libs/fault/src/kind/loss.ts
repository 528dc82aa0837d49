import type { FaultKind } from './kind.ts';

export const loss: FaultKind = {
  name: 'loss',
  sentence: 'Loses each frame of the LAN interface with the same probability.',
  parameters: {
    percent: { type: 'number', min: 0.1, max: 100, sentence: 'of the frames' },
    direction: { type: 'choice', of: ['in', 'out', 'both'], default: 'both', sentence: 'as the node sees it' },
    peers: { type: 'peers', default: 'anyone', sentence: 'only what is exchanged with these' },
  },
  capability: 'nft.netdev',
  issue: 'https://github.com/k3s-io/k3s/issues/3415',
  breaks: 'a share of the frames is dropped and counted on the LAN interface',
};
