import type { FaultKind } from './kind.ts';

export const k3sKill: FaultKind = {
  name: 'k3s-kill',
  sentence:
    'Kills k3s with SIGKILL, as the OOM killer does; containers and kernel state stay, and it is started again after 5 s.',
  parameters: {},
  capability: 'kubernetes',
  issue: 'https://github.com/k3s-io/k3s/issues/6604',
  breaks: 'the k3s process that ran on the node runs no more',
};
