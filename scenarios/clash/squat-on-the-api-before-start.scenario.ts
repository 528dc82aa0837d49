/**
 * Something else has 6443/tcp when the only server starts.
 *
 * k3s cannot serve its API there, ends, and is started again every 5 s: no API until the squatter leaves. Agents go on with
 * what they know, and the pair in front of the cluster finds out by itself that the server's NodePort does not answer.
 */
import { defineScenario, server } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'squat-on-the-api-before-start',
  why: 'A server that cannot have its port is a cluster that cannot change, while it still serves.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s'], backend: ['vxlan', 'host-gw'], loadBalancer: ['keepalived'] },
  workload: { replicas: 6 },
  controllerPlace: 'agents',
  watch: ['edge', 'api'],
  faults: [
    {
      kind: 'squat-port',
      parameters: { protocol: 'tcp', port: 6443, when: 'before-start' },
      target: server(0),
      lasting: '60s',
    },
  ],
  settleWithin: '2m',
  expect: [
    {
      checks: [
        { check: 'never-recovers', probe: 'api' },
        { check: 'loss-at-most', probe: 'edge-http-new', share: 0.5 },
      ],
    },
  ],
});
