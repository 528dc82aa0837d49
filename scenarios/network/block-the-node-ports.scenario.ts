/**
 * Block the NodePorts, 30000-32767/tcp, into one agent.
 *
 * A Service of type LoadBalancer has a NodePort, and needs none: ServiceLB and MetalLB lead clients to its cluster address, and
 * what crosses nodes afterwards goes from pod to pod. Closing the range costs only those who ask for it by number, as a balancer
 * before the cluster does: it has one node less, and loses what it sends there until its checks have found out.
 */
import { agent, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'block-the-node-ports',
  why: 'Every Service of type LoadBalancer opens NodePorts that none of its clients needs.',
  topology: { servers: 1, agents: 2 },
  matrix: {
    substrate: ['k3s'],
    backend: ['vxlan', 'host-gw'],
    loadBalancer: ['servicelb', 'metallb-l2', 'keepalived'],
  },
  workload: { replicas: 6 },
  watch: ['edge', 'api', 'sweep'],
  faults: [
    {
      kind: 'block-port',
      parameters: { protocol: 'tcp', port: '30000-32767', direction: 'in' },
      target: agent(1),
      lasting: '20s',
    },
  ],
  expect: [
    { when: { loadBalancer: 'servicelb' }, checks: [{ check: 'loss-at-most', probe: 'edge-http-new', share: 0.02 }] },
    { when: { loadBalancer: 'metallb-l2' }, checks: [{ check: 'loss-at-most', probe: 'edge-http-new', share: 0.02 }] },
    { when: { loadBalancer: 'keepalived' }, checks: [{ check: 'loss-at-most', probe: 'edge-http-new', share: 0.34 }] },
    {
      checks: [
        { check: 'sweep', path: 'all', lost: 'none' },
        { check: 'nodes-ready', butTarget: false },
        { check: 'loss-at-most', probe: 'api', share: 0 },
      ],
    },
  ],
});
