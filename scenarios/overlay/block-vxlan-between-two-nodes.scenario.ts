/**
 * Block 8472/udp between two agents, and nowhere else.
 *
 * Each of the two still reaches every third node, and so does whoever looks from there: the server, where most people look
 * from, sees a healthy cluster.
 */
import { agent, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'block-vxlan-between-two-nodes',
  why: 'A rule for one peer is found by nobody who does not ask from that very node.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s', 'bare'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb', 'keepalived'] },
  workload: { replicas: 6 },
  watch: ['edge', 'api', 'sweep'],
  faults: [
    {
      kind: 'block-port',
      parameters: { protocol: 'udp', port: 8472, peers: 'agent-0' },
      target: agent(1),
      lasting: '20s',
    },
  ],
  expect: [
    {
      when: { backend: 'vxlan' },
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
      when: { substrate: 'bare', backend: 'vxlan' },
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
    { when: { backend: 'host-gw' }, checks: [{ check: 'sweep', path: 'all', lost: 'none' }] },
    {
      when: { substrate: 'k3s' },
      checks: [
        { check: 'nodes-ready', butTarget: false },
        { check: 'loss-at-most', probe: 'api', share: 0 },
      ],
    },
  ],
});
