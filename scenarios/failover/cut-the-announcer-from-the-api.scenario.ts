/**
 * Cut the announcer from the Kubernetes API, while it forwards packets as well as ever.
 *
 * MetalLB's speakers speak to each other, and keep the address where it is. kube-vip's holder cannot renew its lease: it
 * drops the address when its renew deadline has passed, and until the lease has expired nobody else may take it. Clients
 * lose an address whose node had nothing wrong with it.
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
  fault: {
    kind: 'block-port',
    parameters: { protocol: 'tcp', port: 6443, direction: 'out' },
    target: announcer(),
    jitter: '4s',
    lasting: '35s',
  },
  expect: [
    ...(['metallb-l2', 'servicelb'] as const).map((loadBalancer) => ({
      when: { loadBalancer },
      checks: [
        { check: 'owner', is: 'same' } as const,
        { check: 'loss-at-most', probe: 'edge-http-new', share: 0.01 } as const,
      ],
    })),
    {
      // The lease is 15 s and the renew deadline 10 s: between them, and up to 7 s more until a standby asks, nobody answers.
      when: { loadBalancer: 'kube-vip-arp' },
      checks: [
        { check: 'outage', probe: 'edge-http-new', atLeastMs: 500, atMostMs: 13_000 },
        { check: 'owner', is: 'moves' },
      ],
    },
    { checks: [{ check: 'loss-at-most', probe: 'api', share: 0 }] },
  ],
});
