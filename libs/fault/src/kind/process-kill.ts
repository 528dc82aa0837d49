import type { FaultKind } from './kind.ts';

export const processKill: FaultKind = {
  name: 'process-kill',
  sentence:
    'Kills one program of the node with SIGKILL, as a crash or the OOM killer does; whoever keeps it running may start it again.',
  parameters: {
    process: { type: 'word', sentence: 'name of the program, as ps says it: speaker, kube-vip, keepalived, traefik' },
  },
  capability: null,
  issue: 'https://github.com/kube-vip/kube-vip/issues/996',
  sparesPing: true,
  breaks: 'the processes of that name that ran on the node run no more',
};
