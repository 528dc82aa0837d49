/**
 * Fill the connection tracking table of one agent: no new connection gets an entry; those that have one go on.
 *
 * It is not only Services that need an entry. VXLAN takes another source port for each flow within, so that a new connection
 * between pods is a new flow outside as well, and is dropped with it. Between pods of the node itself it depends on whether
 * bridged packets are tracked, and is not judged.
 */
import { agent, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'fill-the-conntrack-table-of-an-agent',
  why: 'A full conntrack table cuts a node off from whatever is new, overlay included, and no health check opens anything new.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb'] },
  workload: { replicas: 6 },
  watch: ['edge', 'api', 'sweep'],
  faults: [{ kind: 'conntrack-full', target: agent(1), lasting: '20s' }],
  expect: [
    {
      checks: [
        { check: 'sweep', path: 'all', lost: 'cross-node-of-target' },
        { check: 'sweep', path: 'all', lost: 'any' },
      ],
    },
  ],
});
