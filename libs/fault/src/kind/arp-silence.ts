import type { FaultKind } from './kind.ts';

export const arpSilence: FaultKind = {
  name: 'arp-silence',
  sentence: 'Has the node say nothing more by ARP of an address; neighbours lose it when their entries age.',
  parameters: {
    of: { type: 'choice', of: ['clients', 'node'], default: 'clients', sentence: "the clients' address, or its own" },
  },
  capability: 'nft.netdev',
  issue: 'https://github.com/metallb/metallb/issues/652',
  sparesPing: true,
  breaks: 'nobody answers ARP requests for the address, and what would have is counted',
};
