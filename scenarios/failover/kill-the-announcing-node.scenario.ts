/**
 * Kill the machine that answers for the address that clients use, as a power cut would.
 *
 * Nothing else dies with it: the Ingress controller and the app run on the server, so what clients miss is the address.
 * MetalLB's speakers notice by memberlist, kube-vip's by a lease that is not renewed, a keepalived pair by adverts that do
 * not come; each promises a time by its own settings, and is judged by it. With ServiceLB nothing moves: each node answers
 * at its own address only, so that address is gone, while the Ingress at the other nodes' addresses keeps answering.
 */
import { announcer, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'kill-the-announcing-node',
  why: 'A load balancer is only as good as the time it takes to notice that its node is gone.',
  topology: { servers: 1, agents: 2 },
  matrix: {
    substrate: ['k3s', 'bare'],
    backend: ['vxlan', 'host-gw'],
    loadBalancer: ['servicelb', 'metallb-l2', 'kube-vip-arp', 'keepalived'],
    controller: ['on-servers'],
  },
  workload: { replicas: 3, place: 'servers' },
  watch: ['edge', 'others'],
  // Twice the longest timer of them, kube-vip's retry period: the fault meets every phase of it.
  faults: [{ kind: 'node-kill', target: announcer(), jitter: '4s', lasting: '20s', until: 'recovered', heal: false }],
  expect: [
    { checks: [{ check: 'failover', probe: 'edge-http-new' }] },
    ...(['metallb-l2', 'kube-vip-arp', 'keepalived'] as const).map((loadBalancer) => ({
      when: { loadBalancer },
      checks: [{ check: 'owner', is: 'moves' } as const],
    })),
    // A node that returns takes its address back: its successor hears of it a moment later (seen: one who-has).
    { when: { loadBalancer: 'metallb-l2' }, checks: [{ check: 'owners-overlap', atMostMs: 1000 }] },
    {
      when: { loadBalancer: 'servicelb' },
      checks: [
        { check: 'owner', is: 'nobody' },
        { check: 'loss-at-most', probe: 'other-0-http-new', share: 0.02 },
        { check: 'loss-at-most', probe: 'other-1-http-new', share: 0.02 },
      ],
    },
    { when: { substrate: 'k3s' }, checks: [{ check: 'nodes-ready', butTarget: true }] },
  ],
});
