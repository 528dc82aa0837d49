/**
 * Set the LAN interface of one agent down for a second, and up for three, over and over.
 *
 * Each time its routes are lost as in `take-the-link-down`. With host-gw Flannel's are made again every 10 s only: the node's
 * pods are cut off for much longer than the link is down. What a sweep meets is chance, and is not judged.
 */
import { agent, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'flap-the-link',
  why: 'A link that is up three quarters of the time need not carry packets for three quarters of the time.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s', 'bare'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb', 'keepalived'] },
  workload: { replicas: 6 },
  watch: ['edge', 'api', 'sweep'],
  faults: [{ kind: 'link-flap', target: agent(1), lasting: '20s' }],
  expect: [
    { checks: [{ check: 'sweep', path: 'all', lost: 'any' }] },
    { when: { substrate: 'k3s' }, checks: [{ check: 'nodes-ready', butTarget: false }] },
  ],
});
