import type { FaultKind } from './kind.ts';

export const podKill: FaultKind = {
  name: 'pod-kill',
  sentence: 'Kills the processes of one pod on the node with SIGKILL; kubelet starts them again in the same pod.',
  parameters: {
    pod: { type: 'choice', of: ['app', 'ingress', 'dns'], sentence: 'whose: the app, the Ingress controller, CoreDNS' },
  },
  capability: 'kubernetes',
  issue: 'https://github.com/k3s-io/k3s/issues/3092',
  breaks: 'the processes that ran in the pod run no more',
};
