/**
 * Turn a bit over in one of a hundred packets that one agent sends.
 *
 * With a wrong checksum they are dropped where they arrive: loss, with another counter.
 */
import { agent, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'corrupt-packets',
  why: 'A damaged packet is a lost packet that somebody counted.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s', 'bare'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb', 'keepalived'] },
  workload: { replicas: 6 },
  watch: ['edge', 'api', 'sweep'],
  faults: [{ kind: 'corrupt', parameters: { percent: 1 }, target: agent(1), lasting: '20s' }],
  expect: [
    { checks: [{ check: 'sweep', path: 'all', lost: 'any' }] },
    { checks: [{ check: 'loss-at-most', probe: 'edge-http-new', share: 0.1 }] },
  ],
});
