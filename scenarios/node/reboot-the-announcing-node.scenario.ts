/**
 * Reboot the announcing node: it goes down in order, and is back while the others still serve.
 *
 * Two moves of the address, where it has a home: away when the node goes down, and back when it returns. keepalived and
 * MetalLB give it back to the node that comes first by priority or by hash; neither move may cost more than a second or two.
 */
import { announcer, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'reboot-the-announcing-node',
  why: 'Kernel updates come monthly, and each is a failover there and one back.',
  topology: { servers: 1, agents: 2 },
  matrix: {
    substrate: ['k3s', 'bare'],
    backend: ['vxlan', 'host-gw'],
    loadBalancer: ['keepalived', 'metallb-l2'],
    controller: ['on-servers'],
  },
  workload: { replicas: 3, place: 'servers' },
  watch: ['edge'],
  faults: [{ kind: 'node-restart', target: announcer(), lasting: '60s' }],
  settleWithin: '2m',
  expect: [
    { checks: [{ check: 'outage', probe: 'edge-http-new', atLeastMs: 0, atMostMs: 4_000 }] },
    // As where it is stopped: who says goodbye answers on for a moment.
    { when: { loadBalancer: 'metallb-l2' }, checks: [{ check: 'owners-overlap', atMostMs: 1_000 }] },
  ],
});
