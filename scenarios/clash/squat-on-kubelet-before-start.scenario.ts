/**
 * Something else has 10250/tcp when an agent starts.
 *
 * kubelet cannot listen there and ends, and k3s with it, every 5 s until the squatter leaves. The node's pods are gone, its
 * endpoints stay in the Services until the node is declared NotReady: a third of the requests is lost until then.
 */
import { defineScenario, nodeWithEndpoint } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'squat-on-kubelet-before-start',
  why: 'One taken port of kubelet takes a whole node out.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb'] },
  workload: { replicas: 3 },
  watch: ['edge', 'api'],
  faults: [
    {
      kind: 'squat-port',
      parameters: { protocol: 'tcp', port: 10_250, when: 'before-start' },
      // Not where the Ingress controller is: whoever loses that one loses all, whatever took the port.
      target: nodeWithEndpoint(),
      lasting: '75s',
    },
  ],
  settleWithin: '2m',
  expect: [
    {
      checks: [
        { check: 'loss-at-most', probe: 'edge-http-new', share: 0.4 },
        { check: 'nodes-ready', butTarget: true },
        { check: 'loss-at-most', probe: 'api', share: 0 },
      ],
    },
  ],
});
