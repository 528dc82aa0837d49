/** A small bundle, for tests. */
import { aboutOf } from './files.ts';
import type { Bundle } from './bundle.ts';

export function exampleBundle(): Bundle {
  return {
    about: aboutOf({
      made: '2026-11-22T01:30:00.000Z',
      by: { commit: '9f26bf7', dirty: false },
      from: 'cluster',
      k3s: { seen: 'v1.33.1+k3s1', taken: 'v1.33.3+k3s1' },
      settings: {},
      seed: null,
      ran: null,
      nodes: [
        {
          name: 'server-0',
          role: 'server',
          address: '198.18.0.10',
          release: 'v1.33.1+k3s1',
          ready: true,
          flags: ['--flannel-backend=vxlan'],
          labels: {},
          taints: [],
        },
      ],
      seen: [{ what: 'Endpoints shop/web', saw: '1 of 1 ready' }],
      leftOut: [{ what: 'env', why: 'values are not for others', where: ['Deployment shop/web'], count: 1 }],
      notes: ['k3s v1.33.1+k3s1: v1.33.3+k3s1 here'],
    }),
    scenario: {
      name: 'captured',
      why: 'What was captured of a cluster.',
      topology: { servers: 1, agents: 0 },
      matrix: { substrate: ['k3s'], backend: ['vxlan'], loadBalancer: ['servicelb'] },
      workload: { replicas: 3 },
      watch: ['edge'],
      faults: [],
      expect: [],
    },
    objects: [
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'web', namespace: 'shop' },
        spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
      },
    ],
    events: [
      {
        type: 'Warning',
        reason: 'Unhealthy',
        about: 'Pod shop/web',
        count: 3,
        last: '2026-11-22T01:29:00Z',
        message: null,
      },
    ],
  };
}
