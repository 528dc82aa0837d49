/**
 * Restart k3s on the only server, as an upgrade or a change of its flags does.
 *
 * The API is away for as long as a server takes to start, some 10 to 30 s on two cores. Everything that serves goes on: no
 * pod, no rule and no route depends on it while nothing changes.
 */
import { defineScenario, server } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'restart-k3s-on-the-only-server',
  why: 'Losing the API for half a minute must cost clients nothing.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb', 'metallb-l2'] },
  workload: { replicas: 6 },
  watch: ['edge', 'pods', 'api'],
  faults: [{ kind: 'k3s-restart', target: server(0), lasting: '60s' }],
  expect: [
    {
      checks: [
        { check: 'loss-at-most', probe: 'edge-http-new', share: 0.005 },
        { check: 'reachability', lost: 'none' },
        { check: 'outage', probe: 'api', atLeastMs: 1_000, atMostMs: 60_000 },
      ],
    },
  ],
});
