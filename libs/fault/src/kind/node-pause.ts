import type { FaultKind } from './kind.ts';

export const nodePause: FaultKind = {
  name: 'node-pause',
  sentence:
    'Freezes every process of the node, while its kernel still answers ARP and forwards packets, as a hanging machine does.',
  parameters: {},
  capability: null,
  issue: 'https://github.com/kube-vip/kube-vip/issues/1385',
  sparesPing: true,
  breaks: 'no process of the node runs: its control group is frozen',
};
