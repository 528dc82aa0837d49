/**
 * Create two Services with one fixed NodePort.
 *
 * The API refuses the second: "provided port is already allocated". It is the only one of the clashes that is told at once.
 */
import { defineScenario, server } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'one-node-port-twice',
  why: 'A fixed NodePort is given once in a cluster, and the second to ask is told so.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb'] },
  workload: { replicas: 3 },
  watch: ['edge', 'others'],
  faults: [{ kind: 'node-port-clash', target: server(0), lasting: '10s' }],
  expect: [
    {
      checks: [
        { check: 'loss-at-most', probe: 'edge-http-new', share: 0 },
        { check: 'nodes-ready', butTarget: false },
      ],
    },
  ],
});
