/**
 * Have one agent no longer hear its peers; they still hear it. The cable is fine in one direction.
 *
 * What it asks arrives and is answered, and the answer is lost: to clients as if it were cut off altogether. What it says
 * unasked is heard: MetalLB's and keepalived's announcements, for example.
 */
import { agent, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'deafen-one-node',
  why: 'A node that speaks but does not hear looks alive to whoever only listens.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s', 'bare'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb', 'keepalived'] },
  workload: { replicas: 6 },
  watch: ['edge', 'api', 'sweep'],
  faults: [{ kind: 'partition', parameters: { direction: 'in' }, target: agent(1), lasting: '20s' }],
  expect: [
    { checks: [{ check: 'sweep', path: 'all', lost: 'cross-node-of-target' }] },
    { when: { substrate: 'bare' }, checks: [{ check: 'owner', is: 'two' }] },
  ],
});
