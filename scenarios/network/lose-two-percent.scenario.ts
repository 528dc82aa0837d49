/**
 * Lose 2 % of the frames of one agent, in and out.
 *
 * TCP repairs what it has begun; what is lost at the beginning of a connection costs a second, so it is requests on new
 * connections through that agent that time out.
 */
import { agent, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'lose-two-percent',
  why: 'Two percent of the packets are more than two percent of the requests.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s', 'bare'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb', 'keepalived'] },
  workload: { replicas: 6 },
  watch: ['edge', 'api', 'sweep'],
  faults: [{ kind: 'loss', parameters: { percent: 2 }, target: agent(1), lasting: '20s' }],
  expect: [
    { checks: [{ check: 'sweep', path: 'all', lost: 'any' }] },
    { checks: [{ check: 'loss-at-most', probe: 'edge-http-new', share: 0.1 }] },
    { when: { substrate: 'k3s' }, checks: [{ check: 'nodes-ready', butTarget: false }] },
  ],
});
