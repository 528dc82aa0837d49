import type { FaultKind } from './kind.ts';

export const mtuBlackHole: FaultKind = {
  name: 'mtu-black-hole',
  sentence: 'Drops packets that are longer than a limit and tells nobody, as a path with a smaller MTU does.',
  parameters: {
    bytes: { type: 'integer', min: 576, max: 9000, sentence: 'the longest packet that passes, with its outer header' },
    of: {
      type: 'choice',
      of: ['pods', 'everything'],
      default: 'pods',
      sentence: 'packets of pods (in VXLAN or routed), or all',
    },
  },
  capability: 'nft.netdev',
  issue: 'https://github.com/flannel-io/flannel/issues/1011',
  sparesPing: true,
  breaks: 'packets longer than the limit are dropped and counted, while short ones pass',
};
