/**
 * Cut two agents from the server and the third agent. Within each half everything works; clients reach both.
 */
import { nodesNamed, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'cut-the-cluster-into-halves',
  why: "Each half of a cut cluster is whole to itself, and half of the Services' endpoints are on the other side.",
  topology: { servers: 1, agents: 3 },
  matrix: { substrate: ['k3s', 'bare'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb', 'keepalived'] },
  workload: { replicas: 8 },
  watch: ['edge', 'api', 'sweep'],
  faults: [{ kind: 'partition', target: nodesNamed('agent-1', 'agent-2'), lasting: '20s' }],
  expect: [
    { checks: [{ check: 'sweep', path: 'all', lost: 'cross-node-of-target' }] },
    { when: { substrate: 'bare' }, checks: [{ check: 'owner', is: 'two' }] },
  ],
});
