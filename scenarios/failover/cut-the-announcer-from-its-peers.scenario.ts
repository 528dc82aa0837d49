/**
 * Cut the announcer from the other members of its load balancer (MetalLB: memberlist, 7946 tcp and udp), and from nothing
 * else.
 *
 * Either side takes the other for dead. The announcer stays what it is; the rest chooses another by the same rule among
 * themselves; and both answer for the address.
 */
import { announcer, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'cut-the-announcer-from-its-peers',
  why: 'Members that cannot hear each other both believe to be the only one left.',
  topology: { servers: 1, agents: 2 },
  matrix: {
    substrate: ['k3s'],
    backend: ['vxlan', 'host-gw'],
    loadBalancer: ['metallb-l2'],
    controller: ['on-servers'],
  },
  features: ['load-balancer.peers'],
  workload: { replicas: 3, place: 'servers' },
  watch: ['edge'],
  faults: [
    {
      kind: 'block-port',
      parameters: { protocol: 'tcp+udp', port: 7946, direction: 'both' },
      target: announcer(),
      jitter: '4s',
      lasting: '30s',
    },
  ],
  expect: [{ checks: [{ check: 'owner', is: 'two', atLeastMs: 10_000 }] }],
});
