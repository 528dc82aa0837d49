/**
 * Cut off a spare of the address, and then kill the machine that announces it.
 *
 * The spare that is cut off cannot take over, and does not know it: keepalived's and MetalLB's believe that everybody else
 * died, and answer for the address where nobody hears them. The spare that is left takes over in the usual time. When the
 * cable is plugged in again there are two for a moment, until one of them has heard of the other.
 */
import { announcer, bystander, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'kill-the-announcer-during-a-partition',
  why: 'A spare that is cut off is no spare, and comes back believing that the address is its own.',
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
  faults: [
    { kind: 'unplug', target: bystander(), jitter: '4s', lasting: '70s' },
    { kind: 'node-kill', target: announcer(), after: '20s', lasting: '20s', until: 'recovered' },
  ],
  expect: [
    ...(['metallb-l2', 'kube-vip-arp'] as const).map((loadBalancer) => ({
      when: { loadBalancer },
      checks: [
        { check: 'failover', fault: 'fault-1', probe: 'edge-http-new' },
        { check: 'owner', fault: 'fault-1', is: 'moves' },
      ] as const,
    })),
    // On bare every node is a spare. Before k3s they are a pair: with one cut off and the other dead, nobody is left.
    {
      when: { substrate: 'bare', loadBalancer: 'keepalived' },
      checks: [
        { check: 'failover', fault: 'fault-1', probe: 'edge-http-new' },
        { check: 'owner', fault: 'fault-1', is: 'moves' },
      ],
    },
    {
      when: { substrate: 'k3s', loadBalancer: 'keepalived' },
      checks: [
        { check: 'never-recovers', fault: 'fault-1', probe: 'edge-http-new' },
        { check: 'owner', fault: 'fault-1', is: 'nobody' },
      ],
    },
    { when: { loadBalancer: 'metallb-l2' }, checks: [{ check: 'owners-overlap', atMostMs: 15_000 }] },
    // Until the next advert of the one with the higher priority: a second, and a margin.
    { when: { loadBalancer: 'keepalived' }, checks: [{ check: 'owners-overlap', atMostMs: 1500 }] },
  ],
});
