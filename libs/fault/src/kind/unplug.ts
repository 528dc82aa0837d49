import type { FaultKind } from './kind.ts';

export const unplug: FaultKind = {
  name: 'unplug',
  sentence:
    'Drops every frame in and out of the LAN interface, as if its cable were out at the switch: the node does not see it.',
  parameters: {},
  capability: 'nft.netdev',
  issue: 'https://github.com/kube-vip/kube-vip/issues/1385',
  breaks: 'frames are dropped and counted on the LAN interface, and nobody answers ARP requests for its address',
};
