/**
 * Block etcd's ports, 2379 and 2380, of one of three servers.
 *
 * Two of three are a quorum: the API goes on, after an election where the leader was the one that was cut off. What the server
 * forwards, it forwards. But where it led the controllers as well, its k3s ends after some 12 s, and the kubelet with it: port 10250 is
 * refused until it is up again (docs/findings/a-server-cut-off-from-etcd-ends.md). So what pods reach of that node is not judged.
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
    {
      checks: [
        {
          check: 'sweep',
          path: ['pod-pod', 'pod-pod-large', 'pod-service', 'node-pod', 'node-service', 'dns'],
          lost: 'none',
        },
        { check: 'sweep', path: 'pod-node', lost: 'any-to-target' },
      ],
    },
    {
      checks: [
        { check: 'nodes-ready', butTarget: true },
        { check: 'loss-at-most', probe: 'edge-http-new', share: 0.01 },
      ],
    },
  ],
});
