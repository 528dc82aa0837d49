/**
 * Empty the connection tracking table of the node that announces the address, once, under traffic.
 *
 * Connections that kube-proxy translated are strangers from then on. New ones are not concerned: short requests lose next to
 * nothing, long connections are reset or hang.
 */
import { announcer, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'flush-the-conntrack-table',
  why: 'Who flushes conntrack to cure one connection ends all the others.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb', 'metallb-l2'] },
  workload: { replicas: 3 },
  watch: ['edge', 'api'],
  faults: [{ kind: 'conntrack-flush', target: announcer(), lasting: '20s' }],
  expect: [{ checks: [{ check: 'loss-at-most', probe: 'edge-http-new', share: 0.02 }] }],
});
