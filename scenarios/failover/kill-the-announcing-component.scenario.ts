/**
 * Kill the process that announces the address, and nothing else of its machine.
 *
 * Kubelet starts it again within seconds. MetalLB's speaker answered ARP itself, so nobody answers meanwhile, but clients
 * know their neighbour for longer than that. kube-vip and keepalived leave the address on the interface: the kernel goes
 * on answering. kube-vip comes back under the same name and holds its lease still; keepalived's peer takes over, and two
 * answer until keepalived is back.
 */
import { announcer, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'kill-the-announcing-component',
  why: 'The load balancer itself crashes more often than its node.',
  topology: { servers: 1, agents: 2 },
  matrix: {
    substrate: ['k3s'],
    backend: ['vxlan', 'host-gw'],
    loadBalancer: ['metallb-l2', 'kube-vip-arp', 'keepalived'],
    controller: ['on-servers'],
  },
  workload: { replicas: 3, place: 'servers' },
  watch: ['edge'],
  faults: [{ kind: 'process-kill', target: announcer(), lasting: '20s' }],
  expect: [
    { when: { loadBalancer: 'metallb-l2' }, checks: [{ check: 'loss-at-most', probe: 'edge-http-new', share: 0.35 }] },
    {
      when: { loadBalancer: 'kube-vip-arp' },
      checks: [
        { check: 'loss-at-most', probe: 'edge-http-new', share: 0.02 },
        { check: 'owner', is: 'same' },
      ],
    },
    { when: { loadBalancer: 'keepalived' }, checks: [{ check: 'loss-at-most', probe: 'edge-http-new', share: 0.2 }] },
  ],
});
