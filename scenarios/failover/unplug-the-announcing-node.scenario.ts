/**
 * Pull the cable of the machine that answers for the address, and plug it in again.
 *
 * Clients see what they see when it dies. What differs is its return: it comes back as sure of itself as it left, and until
 * it has heard of its successor there are two.
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
  fault: { kind: 'unplug', target: announcer(), jitter: '4s', lasting: '20s' },
  expect: [
    {
      checks: [
        { check: 'failover', probe: 'edge-http-new' },
        { check: 'owner', is: 'moves' },
      ],
    },
  ],
});
