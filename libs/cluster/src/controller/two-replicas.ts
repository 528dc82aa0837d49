import type { Controller } from './controller.ts';

export const twoReplicas: Controller = {
  name: 'two-replicas',
  what: 'two pods, never on the same node: one is left whichever node dies',
  values: {
    deployment: { replicas: 2 },
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          {
            labelSelector: { matchLabels: { 'app.kubernetes.io/name': 'traefik' } },
            topologyKey: 'kubernetes.io/hostname',
          },
        ],
      },
    },
  },
  leastNodes: 2,
  on: 'any node',
};
