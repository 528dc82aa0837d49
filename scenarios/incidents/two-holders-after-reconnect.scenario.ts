/**
 * Pull the cable of the machine that answers for the address, and plug it in again just after another has taken over.
 *
 * kube-vip's holder lost its lease while it was away. It lets go of the address 20 s after its last renewal: the 10 s of its
 * renew deadline, and 10 s more in which it tries to give the lease back. A cable that returns in between brings the old
 * holder back beside the new one. When it has been out for longer, there is nothing left to bring back.
 */
import { announcer, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'two-holders-after-reconnect',
  why: 'A machine that comes back a little too early finds its address given to another.',
  topology: { servers: 1, agents: 2 },
  matrix: {
    substrate: ['k3s'],
    backend: ['vxlan', 'host-gw'],
    loadBalancer: ['kube-vip-arp', 'metallb-l2'],
    controller: ['on-servers'],
  },
  workload: { replicas: 3, place: 'servers' },
  watch: ['edge'],
  faults: [{ kind: 'unplug', target: announcer(), jitter: '4s', lasting: '19s' }],
  expect: [{ checks: [{ check: 'owner', is: 'two' }] }],
});
