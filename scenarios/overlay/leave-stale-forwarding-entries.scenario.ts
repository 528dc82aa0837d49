/**
 * Point the entries of one agent for another at an address where nobody is, as they are after that node has come back with
 * another address, and Flannel has missed it.
 *
 * Flannel writes an entry when it hears of a node, and never looks at it again: until the next event of that node, or a restart,
 * pods of the two do not reach each other in either direction, because an answer takes the same entry. The links are up,
 * routes and neighbours are right, and every node is Ready.
 */
import { agent, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'leave-stale-forwarding-entries',
  why: 'One stale entry cuts two nodes from each other, and nothing in the cluster looks at it again.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s', 'bare'], backend: ['vxlan'], loadBalancer: ['servicelb', 'keepalived'] },
  workload: { replicas: 6 },
  watch: ['edge', 'api', 'sweep'],
  faults: [{ kind: 'stale-fdb', parameters: { peers: 'agent-0' }, target: agent(1), lasting: '20s' }],
  expect: [
    {
      checks: [
        {
          check: 'sweep',
          path: ['pod-pod', 'pod-pod-large', 'pod-service', 'node-pod', 'node-service', 'dns'],
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
      when: { substrate: 'bare' },
      checks: [
        {
          check: 'sweep',
          path: 'pod-node',
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
