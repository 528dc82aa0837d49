/**
 * Kill the process of one of three pods of the app.
 *
 * kubelet starts it again at once and in the same pod. Until then the endpoint refuses connections, and the Ingress
 * controller knows it for ready: a third of the requests fail, for a second or two.
 */
import { defineScenario, nodeWithEndpoint } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'kill-one-pod',
  why: 'A crash of one process of three is a second of errors, not a failover.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb'] },
  workload: { replicas: 3 },
  watch: ['edge'],
  faults: [{ kind: 'pod-kill', parameters: { pod: 'app' }, target: nodeWithEndpoint(), lasting: '20s' }],
  expect: [
    {
      checks: [
        { check: 'loss-at-most', probe: 'edge-http-new', share: 0.1 },
        { check: 'nodes-ready', butTarget: false },
      ],
    },
  ],
});
