/**
 * Create a second Service of type LoadBalancer on the port that the Ingress controller has.
 *
 * ServiceLB has one address per node and one port 80 on each: the second Service stays pending, and the first goes on as if
 * nothing had happened. A load balancer with a pool gives the second Service an address of its own.
 */
import { defineScenario, server } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'clash-on-port-80',
  why: 'The second Service on a taken port waits in silence; the first must not notice.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb'] },
  workload: { replicas: 3 },
  watch: ['edge', 'others'],
  faults: [{ kind: 'service-clash', target: server(0), lasting: '60s' }],
  expect: [
    {
      checks: [
        { check: 'loss-at-most', probe: 'edge-http-new', share: 0 },
        { check: 'loss-at-most', probe: 'other-0-http-new', share: 0 },
        { check: 'nodes-ready', butTarget: false },
      ],
    },
  ],
});
