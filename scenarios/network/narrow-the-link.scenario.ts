/**
 * Let one agent send 5 Mbit a second, and no more.
 *
 * Enough for everything that is small, too little for two at once that are large: nothing is lost, all of it is late.
 */
import { agent, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'narrow-the-link',
  why: 'A link that is full loses nothing at first: it makes everybody wait.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s', 'bare'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb', 'keepalived'] },
  workload: { replicas: 6 },
  watch: ['edge', 'api', 'sweep'],
  faults: [{ kind: 'rate', parameters: { kbit: 5000 }, target: agent(1), lasting: '20s' }],
  expect: [
    { checks: [{ check: 'sweep', path: 'all', lost: 'none' }] },
    { when: { substrate: 'k3s' }, checks: [{ check: 'nodes-ready', butTarget: false }] },
  ],
});
