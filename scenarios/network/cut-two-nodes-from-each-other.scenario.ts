/**
 * Cut two agents from each other. Both reach the server, and the server both: a bridge.
 *
 * Neither is cut off to whoever looks from the server. Elections and memberships that assume that who is seen by one is seen by
 * all are put to the test; the overlay is not asked.
 */
import { agent, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'cut-two-nodes-from-each-other',
  why: 'Two nodes that cannot see each other, with a third that sees both, is the partition that no majority resolves.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s', 'bare'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb', 'keepalived'] },
  workload: { replicas: 6 },
  watch: ['edge', 'api', 'sweep'],
  faults: [{ kind: 'partition', parameters: { peers: 'agent-0' }, target: agent(1), lasting: '20s' }],
  expect: [
    {
      checks: [
        {
          check: 'sweep',
          path: 'all',
          lost: {
            pairs: [
              ['agent-0', 'agent-1'],
              ['agent-1', 'agent-0'],
            ],
          },
        },
      ],
    },
    {
      when: { substrate: 'k3s' },
      checks: [
        { check: 'nodes-ready', butTarget: false },
        { check: 'loss-at-most', probe: 'api', share: 0 },
      ],
    },
  ],
});
