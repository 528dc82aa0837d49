/**
 * Block 8472/udp on its way into one agent. What it sends gets through.
 *
 * Half a way is none: requests of its pods arrive, and the answers to them do not. To clients it looks as if both ways were
 * blocked; only the counters, and who times out waiting for what, tell it apart.
 */
import { agent, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'block-vxlan-one-way',
  why: 'An overlay that is blocked in one direction is blocked in both, for an answer is a packet too.',
  topology: { servers: 1, agents: 2 },
  matrix: {
    substrate: ['k3s', 'bare'],
    backend: ['vxlan', 'host-gw', 'vxlan-direct-routing'],
    loadBalancer: ['servicelb', 'keepalived'],
  },
  workload: { replicas: 6 },
  watch: ['edge', 'api', 'sweep'],
  faults: [
    {
      kind: 'block-port',
      parameters: { protocol: 'udp', port: 8472, direction: 'in' },
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
          lost: 'cross-node-of-target',
        },
      ],
    },
    {
      when: { substrate: 'bare', backend: 'vxlan' },
      checks: [{ check: 'sweep', path: 'pod-node', lost: 'cross-node-of-target' }],
    },
    { when: { backend: 'host-gw' }, checks: [{ check: 'sweep', path: 'all', lost: 'none' }] },
    { when: { backend: 'vxlan-direct-routing' }, checks: [{ check: 'sweep', path: 'all', lost: 'none' }] },
    {
      when: { substrate: 'k3s' },
      checks: [
        { check: 'nodes-ready', butTarget: false },
        { check: 'loss-at-most', probe: 'api', share: 0 },
      ],
    },
  ],
});
