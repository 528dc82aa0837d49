/**
 * Freeze the node that answers for the address that clients use.
 *
 * Frozen, not killed: no process of it runs, while its kernel keeps answering ARP, forwarding packets and accepting
 * connections. This is the grey failure in which two nodes can claim one address. With ServiceLB the frozen node's
 * kernel goes on forwarding to the Ingress on another node, and clients lose only what its frozen endpoint should answer.
 */
import { announcer, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'freeze-the-announcing-node',
  why: 'A node that hangs is not a node that is gone: its kernel still answers for the address.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s', 'bare'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb', 'keepalived'] },
  workload: { replicas: 3 },
  watch: ['edge', 'others'],
  fault: { kind: 'node-pause', target: announcer(), lasting: '20s' },
  expect: [
    {
      when: { loadBalancer: 'keepalived' },
      checks: [{ check: 'outage', probe: 'edge-http-new', atLeastMs: 2600, atMostMs: 20_000 }],
    },
    {
      when: { loadBalancer: 'servicelb' },
      checks: [
        {
          check: 'loss-share',
          probe: 'edge-http-new',
          share: 0.333,
          within: 0.08,
          atLeastMs: 15_000,
          atMostMs: 25_000,
        },
        { check: 'nodes-ready', butTarget: true },
      ],
    },
  ],
});
