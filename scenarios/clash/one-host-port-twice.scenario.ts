/**
 * Create two pods that want one port of the same node.
 *
 * The scheduler places one. The other stays Pending, without a node, for as long as the first is there; nobody else notices.
 */
import { agent, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'one-host-port-twice',
  why: 'The second pod on a taken hostPort waits in silence; the rest must not notice.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb'] },
  workload: { replicas: 3 },
  watch: ['edge', 'others'],
  faults: [{ kind: 'host-port-clash', target: agent(1), lasting: '20s' }],
  expect: [
    {
      checks: [
        { check: 'loss-at-most', probe: 'edge-http-new', share: 0 },
        { check: 'nodes-ready', butTarget: false },
      ],
    },
  ],
});
