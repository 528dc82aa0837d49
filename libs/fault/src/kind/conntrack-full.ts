import type { FaultKind } from './kind.ts';

export const conntrackFull: FaultKind = {
  name: 'conntrack-full',
  sentence: 'Drops what would begin a connection, as a full connection tracking table does; open connections go on.',
  parameters: {
    room: { type: 'integer', min: 0, max: 100_000, default: 0, sentence: 'new connections that still find room' },
  },
  capability: 'nft.owner',
  issue: 'https://github.com/kubernetes/kubernetes/issues/71261',
  breaks: 'first packets of connections are dropped and counted, in and out',
};
