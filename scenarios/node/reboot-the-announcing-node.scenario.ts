/**
 * Reboot the announcing node: it goes down in order, and is back while the others still serve.
 *
 * Two moves of the address, where it has a home: away when the node goes down, and back when it returns. keepalived and
 * MetalLB give it back to the node that comes first by priority or by hash; with keepalived neither move may cost more than a
 * second or two, and with MetalLB no more than a kill (see stop-the-announcing-node).
 */
import { announcer, defineScenario } from '@faultline/scenario/plan';

const edge = (atMostMs: number) => ({ check: 'outage', probe: 'edge-http-new', atLeastMs: 0, atMostMs }) as const;

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
    { when: { loadBalancer: 'keepalived' }, checks: [edge(4_000)] },
    // As where it is stopped: who says goodbye answers on for a moment.
    { when: { loadBalancer: 'metallb-l2' }, checks: [edge(7_000), { check: 'owners-overlap', atMostMs: 1_000 }] },
  ],
});
