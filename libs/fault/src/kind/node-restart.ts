import type { FaultKind } from './kind.ts';

export const nodeRestart: FaultKind = {
  name: 'node-restart',
  sentence: 'Reboots the node: stopped in order, and started again as soon as it is down.',
  parameters: {},
  capability: null,
  issue: 'https://github.com/k3s-io/k3s/issues/2599',
  restartsNode: () => true,
  breaks: 'the node container was started later than it was struck, and its kernel state is new',
};
