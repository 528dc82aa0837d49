import type { FaultKind } from './kind.ts';

export const nodeDrain: FaultKind = {
  name: 'node-drain',
  sentence:
    'Drains the node as before a maintenance: it is cordoned, and its pods but those of DaemonSets are evicted.',
  parameters: {},
  capability: 'kubernetes',
  issue: 'https://github.com/kubernetes/kubernetes/issues/65013',
  sparesPing: true,
  breaks: 'the node is unschedulable, and no pod but those of DaemonSets is on it',
};
