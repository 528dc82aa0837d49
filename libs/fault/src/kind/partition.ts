import type { FaultKind } from './kind.ts';

export const partition: FaultKind = {
  name: 'partition',
  sentence: 'Cuts the node from its peers on the LAN, and from nobody else: clients still reach both sides.',
  parameters: {
    peers: { type: 'peers', default: 'others', sentence: 'whom it no longer hears, or reaches' },
    direction: { type: 'choice', of: ['in', 'out', 'both'], default: 'both', sentence: 'as the node sees it' },
  },
  capability: 'nft.netdev',
  issue: 'https://github.com/etcd-io/etcd/issues/13527',
  breaks: 'frames from or to the MACs of its peers are dropped and counted on the LAN interface',
};
