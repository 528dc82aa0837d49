import type { Controller } from './controller.ts';

export const daemonset: Controller = {
  name: 'daemonset',
  what: 'a pod on every node: none has to be replaced',
  values: { deployment: { kind: 'DaemonSet' } },
  leastNodes: 1,
  on: 'any node',
};
