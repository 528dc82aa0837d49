/**
 * Give the address that clients use to a second machine, as a wrong static configuration does.
 *
 * The positive control of the invariant that one machine answers for it: here two do, and the check must see it.
 */
import { bystander, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'claim-an-address-twice',
  why: 'Two machines with one address: each client talks to whichever answered it last.',
  topology: { servers: 1, agents: 2 },
  matrix: {
    substrate: ['bare', 'k3s'],
    backend: ['vxlan', 'host-gw'],
    loadBalancer: ['keepalived', 'metallb-l2', 'kube-vip-arp'],
    controller: ['on-servers'],
  },
  workload: { replicas: 3, place: 'servers' },
  watch: ['edge'],
  faults: [{ kind: 'duplicate-address', target: bystander(), lasting: '10s' }],
  expect: [{ checks: [{ check: 'owner', is: 'two', atLeastMs: 8000 }] }],
});
