import type { FaultKind } from './kind.ts';

export const duplicateAddress: FaultKind = {
  name: 'duplicate-address',
  sentence: 'Gives the address that clients use to a second machine, as a wrong static address does.',
  parameters: {},
  capability: null,
  issue: 'https://github.com/kube-vip/kube-vip/issues/1005',
  sparesPing: true,
  breaks: 'two machines answer ARP requests for the address that clients use',
};
