import type { FaultKind } from './kind.ts';

export const k3sRestart: FaultKind = {
  name: 'k3s-restart',
  sentence: 'Restarts k3s in order, as `systemctl restart k3s` does; its containers and what it told the kernel stay.',
  parameters: {},
  capability: 'kubernetes',
  issue: 'https://github.com/k3s-io/k3s/issues/4191',
  breaks: 'the k3s process that ran on the node runs no more',
};
