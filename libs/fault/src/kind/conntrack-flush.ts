import type { FaultKind } from './kind.ts';

export const conntrackFlush: FaultKind = {
  name: 'conntrack-flush',
  sentence: 'Empties the connection tracking table once: translated connections are strangers from then on.',
  parameters: {},
  capability: null,
  issue: 'https://github.com/kubernetes/kubernetes/issues/117924',
  sparesPing: true,
  breaks: 'the kernel counts fewer tracked connections than before, and those that were tracked are gone',
};
