/**
 * Pull the cable of the machine that answers for the address, and plug it in again.
 *
 * Clients see what they see when it dies. What differs is its return. kube-vip's holder lost its lease while it was away, and
 * has dropped the address by then. MetalLB's speaker believes that everybody else has died: it announces still, and until its
 * members have found each other again, there are two.
 */
import { announcer, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'unplug-the-announcing-node',
  why: 'A machine that comes back from a lonely place still believes that the address is its own.',
  topology: { servers: 1, agents: 2 },
  matrix: {
    substrate: ['k3s', 'bare'],
    backend: ['vxlan', 'host-gw'],
    loadBalancer: ['metallb-l2', 'kube-vip-arp', 'keepalived'],
    controller: ['on-servers'],
  },
  features: ['load-balancer.failover'],
  workload: { replicas: 3, place: 'servers' },
  watch: ['edge'],
  faults: [{ kind: 'unplug', target: announcer(), jitter: '4s', lasting: '20s' }],
  expect: [
    {
      checks: [
        { check: 'failover', probe: 'edge-http-new' },
        { check: 'owner', is: 'moves' },
      ],
    },
    { when: { loadBalancer: 'metallb-l2' }, checks: [{ check: 'owner', is: 'two' }] },
    // Until the next advert of the one with the higher priority: a second, and a margin.
    { when: { loadBalancer: 'keepalived' }, checks: [{ check: 'owners-overlap', atMostMs: 1500 }] },
  ],
});
