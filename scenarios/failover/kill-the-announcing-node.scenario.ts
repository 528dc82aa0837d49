/**
 * Kill the node that answers for the address that clients use, as a power cut would.
 *
 * On bare the address moves by VRRP: a backup waits 3 advertisements and its skew, (256 - priority) / 256 s, before it
 * takes over. With ServiceLB there is nothing that moves: each node answers at its own address only, so that address is
 * gone, while the Ingress at the other nodes' addresses keeps answering.
 */
import { announcer, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'kill-the-announcing-node',
  why: 'A load balancer is only as good as the time it takes to notice that its node is gone.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s', 'bare'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb', 'keepalived'] },
  workload: { replicas: 3 },
  watch: ['edge', 'others'],
  fault: { kind: 'node-kill', target: announcer(), lasting: '20s', heal: false },
  expect: [
    // VRRP alone: 2.6 to 3.6 s. The margin is the prober's own bound and the new announcer's first answer.
    {
      when: { loadBalancer: 'keepalived' },
      checks: [{ check: 'outage', probe: 'edge-http-new', atLeastMs: 2550, atMostMs: 3750 }],
    },
    {
      when: { loadBalancer: 'servicelb' },
      checks: [
        { check: 'never-recovers', probe: 'edge-http-new' },
        // They answer, but for the share of the endpoint that died with the node: one of three, until it is NotReady.
        { check: 'loss-at-most', probe: 'other-0-http-new', share: 0.45 },
        { check: 'loss-at-most', probe: 'other-1-http-new', share: 0.45 },
        { check: 'nodes-ready', butTarget: true },
      ],
    },
  ],
});
