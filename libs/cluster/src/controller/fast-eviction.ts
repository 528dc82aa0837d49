import type { Controller } from './controller.ts';

/** Kubernetes gives every pod 300 s here, unless it brings its own. */
const gone = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

export const fastEviction: Controller = {
  name: 'fast-eviction',
  what: 'one pod on any node, replaced 10 s after its node was found dead, and not 5 minutes',
  values: {
    tolerations: [
      // A list of values replaces another: these three are those that k3s sets.
      { key: 'CriticalAddonsOnly', operator: 'Exists' },
      { key: 'node-role.kubernetes.io/control-plane', operator: 'Exists', effect: 'NoSchedule' },
      { key: 'node-role.kubernetes.io/master', operator: 'Exists', effect: 'NoSchedule' },
      ...gone.map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 10 })),
    ],
  },
  leastNodes: 1,
  on: 'any node',
};
