/**
 * Something else listens on 443/tcp of the announcing node, while k3s serves there.
 *
 * It is given the port: no process of k3s has it. It never hears of a client: rules of kube-proxy and the CNI lead packets
 * for 443 to the Ingress controller before any listener is looked for. Silently broken is the squatter.
 */
import { announcer, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'squat-on-https',
  why: 'A web server installed on a node starts without a complaint, and nobody ever reaches it.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb', 'metallb-l2'] },
  workload: { replicas: 3 },
  watch: ['edge', 'others'],
  faults: [{ kind: 'squat-port', parameters: { protocol: 'tcp', port: 443 }, target: announcer(), lasting: '20s' }],
  expect: [
    {
      checks: [
        { check: 'loss-at-most', probe: 'edge-http-new', share: 0 },
        { check: 'nodes-ready', butTarget: false },
      ],
    },
  ],
});
