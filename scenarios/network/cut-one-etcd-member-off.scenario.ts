/**
 * Block etcd's ports, 2379 and 2380, of one of three servers.
 *
 * Two of three are a quorum: the API goes on, after an election where the leader was the one that was cut off. The server itself
 * answers no more for as long as it lasts; what it forwards, it forwards.
 */
import { server, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'cut-one-etcd-member-off',
  why: 'One etcd member of three is a spare, also when it is the leader.',
  topology: { servers: 3, agents: 0 },
  matrix: { substrate: ['k3s'], backend: ['host-gw'], loadBalancer: ['servicelb', 'metallb-l2'] },
  workload: { replicas: 6 },
  watch: ['edge', 'api', 'sweep'],
  faults: [
    {
      kind: 'block-port',
      parameters: { protocol: 'tcp', port: '2379-2380', peers: 'others' },
      target: server(2),
      lasting: '20s',
    },
  ],
  expect: [
    { checks: [{ check: 'sweep', path: 'all', lost: 'none' }] },
    {
      checks: [
        { check: 'nodes-ready', butTarget: true },
        { check: 'loss-at-most', probe: 'edge-http-new', share: 0.01 },
      ],
    },
  ],
});
