/**
 * Freeze the machine that answers for the address that clients use.
 *
 * Frozen, not killed: no process of it runs, while its kernel keeps answering ARP, forwarding packets and accepting
 * connections. Whoever put the address on an interface (kube-vip, keepalived) leaves it there when it freezes: another
 * takes over, and from then on two answer. MetalLB answers ARP by itself, and so falls silent until another one announces:
 * that is lost for whoever has to ask then, and clients that know the address go on (seen). With ServiceLB nothing is lost at
 * all. In both cases the frozen node's kernel goes on forwarding.
 */
import { announcer, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'freeze-the-announcing-node',
  why: 'A node that hangs is not a node that is gone: its kernel still answers for the address.',
  topology: { servers: 1, agents: 2 },
  matrix: {
    substrate: ['k3s', 'bare'],
    backend: ['vxlan', 'host-gw'],
    loadBalancer: ['servicelb', 'metallb-l2', 'kube-vip-arp', 'keepalived'],
    controller: ['on-servers'],
  },
  workload: { replicas: 3, place: 'servers' },
  watch: ['edge', 'others'],
  faults: [{ kind: 'node-pause', target: announcer(), jitter: '4s', lasting: '35s' }],
  expect: [
    { when: { loadBalancer: 'keepalived' }, checks: [{ check: 'owner', is: 'two', atLeastMs: 20_000 }] },
    { when: { loadBalancer: 'kube-vip-arp' }, checks: [{ check: 'owner', is: 'two', atLeastMs: 10_000 }] },
    {
      when: { loadBalancer: 'metallb-l2' },
      checks: [
        { check: 'outage', probe: 'edge-http-new', atLeastMs: 0, atMostMs: 7_000 },
        { check: 'owner', is: 'moves' },
        // It wakes up, and answers until it hears that it is another's.
        { check: 'owners-overlap', atMostMs: 1_000 },
      ],
    },
    {
      when: { loadBalancer: 'servicelb' },
      checks: [
        { check: 'loss-at-most', probe: 'edge-http-new', share: 0.02 },
        { check: 'owner', is: 'same' },
        { check: 'nodes-ready', butTarget: true },
      ],
    },
  ],
});
