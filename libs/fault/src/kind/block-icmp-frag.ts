import type { FaultKind } from './kind.ts';

export const blockIcmpFrag: FaultKind = {
  name: 'block-icmp-frag',
  sentence: 'Drops ICMP "fragmentation needed", without which who sends too long packets never learns of it.',
  parameters: {},
  capability: 'nft.owner',
  issue: 'https://github.com/cilium/cilium/issues/26193',
  sparesPing: true,
  breaks: 'ICMP errors of that code are dropped and counted: there are some only where an MTU is too small',
};
