import type { FaultKind } from './kind.ts';

export const mtu: FaultKind = {
  name: 'mtu',
  sentence:
    "Lowers the MTU of an interface of the node, behind Flannel's back: what it sends is fragmented, or its senders are told.",
  parameters: {
    bytes: { type: 'integer', min: 1280, max: 1499, sentence: 'the new MTU; below 1280 the kernel gives IPv6 up' },
    of: { type: 'choice', of: ['lan', 'overlay'], default: 'lan', sentence: 'eth0, or flannel.1' },
  },
  capability: null,
  issue: 'https://github.com/flannel-io/flannel/issues/841',
  sparesPing: true,
  breaks: 'the kernel refuses to send a packet of the old size that may not be fragmented',
};
