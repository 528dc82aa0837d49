/**
 * Have the machine that answers for the address answer no more, nor announce it; its traffic is left alone.
 *
 * Nobody takes over, for to its peers it is well. Clients that know its MAC keep it for as long as TCP confirms that it works;
 * a client that has to ask is lost. So who is served depends on who came before.
 */
import { announcer, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'silence-the-announcer',
  why: 'An address that nobody answers for goes on working for those who do not have to ask.',
  topology: { servers: 1, agents: 2 },
  matrix: {
    substrate: ['k3s', 'bare'],
    backend: ['vxlan'],
    loadBalancer: ['metallb-l2', 'kube-vip-arp', 'keepalived'],
    controller: ['on-servers'],
  },
  workload: { replicas: 3 },
  watch: ['edge'],
  faults: [{ kind: 'arp-silence', target: announcer(), lasting: '20s' }],
  expect: [
    {
      checks: [
        { check: 'owner', is: 'nobody' },
        { check: 'loss-at-most', probe: 'edge-http-new', share: 0.01 },
      ],
    },
  ],
});
