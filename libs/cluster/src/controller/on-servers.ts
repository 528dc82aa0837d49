import type { Controller } from './controller.ts';

export const onServers: Controller = {
  name: 'on-servers',
  what: 'one pod, on a server: no agent takes it along when it dies',
  values: { nodeSelector: { 'node-role.kubernetes.io/control-plane': 'true' } },
  leastNodes: 1,
  on: 'servers',
};
