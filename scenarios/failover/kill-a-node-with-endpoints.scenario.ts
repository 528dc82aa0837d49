/**
 * Kill a node that runs one of three endpoints, while clients enter through another node.
 *
 * Nobody tells the Service that the endpoint is dead until its node is declared NotReady: 50 s after the node's last
 * heartbeat since Kubernetes 1.32 (40 s before). That heartbeat is up to 10 s older than the kill, and the monitor looks
 * every 5 s: 40 to 55 s after the kill. Until then the dead endpoint's share of the requests is lost.
 */
import { defineScenario, nodeWithEndpoint } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'kill-a-node-with-endpoints',
  why: 'Kubernetes takes most of a minute to stop sending requests to a node that died.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb'] },
  workload: { replicas: 3 },
  watch: ['edge', 'api'],
  faults: [{ kind: 'node-kill', target: nodeWithEndpoint(), lasting: '75s', heal: false }],
  expect: [
    {
      checks: [
        {
          check: 'loss-share',
          probe: 'edge-http-new',
          share: 0.333,
          within: 0.06,
          atLeastMs: 40_000,
          atMostMs: 60_000,
        },
        { check: 'nodes-ready', butTarget: true },
        { check: 'loss-at-most', probe: 'api', share: 0 },
      ],
    },
  ],
});
