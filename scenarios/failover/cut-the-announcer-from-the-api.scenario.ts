/**
 * Cut the announcer from the Kubernetes API, while it forwards packets as well as ever.
 *
 * MetalLB's speakers speak to each other, and keep the address where it is. kube-vip's holder cannot renew its lease. It was
 * predicted to drop the address at its renew deadline, 10 s, and clients to wait for the lease to expire. Seen is something
 * else: at the deadline it first tries to give the lease back, through the API that it cannot reach, for another 10 s, and
 * holds on to the address meanwhile. A standby takes over before that: clients lose nothing, and two answer for some seconds.
 */
import { announcer, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'cut-the-announcer-from-the-api',
  why: 'A load balancer that elects through the API is only as available as the way to the API.',
  topology: { servers: 1, agents: 2 },
  matrix: {
    substrate: ['k3s'],
    backend: ['vxlan', 'host-gw'],
    loadBalancer: ['metallb-l2', 'kube-vip-arp', 'servicelb'],
    controller: ['on-servers'],
  },
  workload: { replicas: 3, place: 'servers' },
  watch: ['edge', 'api'],
  faults: [
    {
      kind: 'block-port',
      parameters: { protocol: 'tcp', port: 6443, direction: 'out' },
      target: announcer(),
      jitter: '4s',
      lasting: '35s',
    },
  ],
  expect: [
    ...(['metallb-l2', 'servicelb'] as const).map((loadBalancer) => ({
      when: { loadBalancer },
      checks: [
        { check: 'owner', is: 'same' } as const,
        { check: 'loss-at-most', probe: 'edge-http-new', share: 0.01 } as const,
      ],
    })),
    {
      when: { loadBalancer: 'kube-vip-arp' },
      checks: [
        { check: 'owner', is: 'moves' },
        { check: 'owner', is: 'two', atLeastMs: 500 },
        { check: 'loss-at-most', probe: 'edge-http-new', share: 0.1 },
      ],
    },
    { checks: [{ check: 'loss-at-most', probe: 'api', share: 0.02 }] },
  ],
});
