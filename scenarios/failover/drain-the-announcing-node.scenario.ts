/**
 * Drain the node that answers for the address that clients use, as before its maintenance.
 *
 * A drain leaves DaemonSets alone, and with them every load balancer's component: the address stays where it is, and what
 * moves are the pods of the app. They end in an orderly way, so clients should lose next to nothing.
 */
import { announcer, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'drain-the-announcing-node',
  why: 'Who drains a node expects that nobody notices.',
  topology: { servers: 1, agents: 2 },
  matrix: {
    substrate: ['k3s'],
    backend: ['vxlan', 'host-gw'],
    loadBalancer: ['servicelb', 'metallb-l2', 'kube-vip-arp'],
    controller: ['on-servers'],
  },
  workload: { replicas: 3 },
  watch: ['edge'],
  faults: [{ kind: 'node-drain', target: announcer(), lasting: '20s' }],
  expect: [
    {
      checks: [
        { check: 'owner', is: 'same' },
        { check: 'loss-at-most', probe: 'edge-http-new', share: 0.01 },
        { check: 'nodes-ready', butTarget: false },
      ],
    },
  ],
});
