/**
 * A rack loses its power: the machine that announces the address dies, and one of its spares with it.
 *
 * Whoever is left takes the address over, and needs no longer than after one death: VRRP's adverts, MetalLB's members and
 * the lease are missed in parallel. Before k3s keepalived is a pair: with both dead nobody answers any more.
 */
import { announcer, bystander, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'kill-the-announcer-and-a-spare',
  why: 'What dies together is missed together: two deaths cost no more time than one, as long as a third is left.',
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
    // The spare dies a moment earlier: which one it is can only be asked while somebody holds the address.
    { kind: 'node-kill', target: bystander(), jitter: '4s', lasting: '1s', heal: false },
    { kind: 'node-kill', target: announcer(), after: '6s', lasting: '20s', until: 'recovered', heal: false },
  ],
  expect: [
    ...(['metallb-l2', 'kube-vip-arp'] as const).map((loadBalancer) => ({
      when: { loadBalancer },
      checks: [
        { check: 'failover', fault: 'fault-1', probe: 'edge-http-new' },
        { check: 'owner', fault: 'fault-1', is: 'moves' },
      ] as const,
    })),
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
  ],
});
