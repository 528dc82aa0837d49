/**
 * Block etcd's ports, 2379 and 2380, on all of three servers: each is a member of one.
 *
 * The API can write nothing and soon read nothing (A76); the data plane serves on. kube-vip elects through the API and is
 * predicted to give the address up at its renew deadline, 10 s; MetalLB's members speak to each other and keep it.
 */
import { everyNode, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'lose-the-quorum-of-etcd',
  why: 'Without a quorum nothing can be changed; what depends on renewing something every few seconds ends as well.',
  topology: { servers: 3, agents: 0 },
  matrix: { substrate: ['k3s'], backend: ['host-gw'], loadBalancer: ['metallb-l2'] },
  workload: { replicas: 6 },
  watch: ['edge', 'api'],
  faults: [
    {
      kind: 'block-port',
      parameters: { protocol: 'tcp', port: '2379-2380', peers: 'others' },
      target: everyNode(),
      lasting: '8s',
    },
  ],
  expect: [{ checks: [{ check: 'loss-at-most', probe: 'edge-http-new', share: 0.01 }] }],
});
