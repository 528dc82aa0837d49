import type { FaultKind } from './kind.ts';

export const staleFdb: FaultKind = {
  name: 'stale-fdb',
  sentence:
    "Points the overlay's entries for peers at addresses where nobody is, as after a node has returned with another one.",
  parameters: { peers: { type: 'peers', default: 'others', sentence: 'whose entries are wrong' } },
  capability: 'overlay',
  issue: 'https://github.com/flannel-io/flannel/issues/654',
  sparesPing: true,
  breaks: 'the forwarding entries of peers name other addresses, and what the node sends to their pods gets no answer',
};
