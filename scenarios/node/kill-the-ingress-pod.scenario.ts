/**
 * Kill the process of the only pod of the Ingress controller, while its node lives.
 *
 * kubelet starts it again in the same pod, with the same address. Connections are refused until it listens, and answered by
 * 404 until it knows its routes: seconds, where losing its node costs minutes.
 */
import { defineScenario, ingressNode } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'kill-the-ingress-pod',
  why: 'One Ingress controller is enough only if it is back before anybody calls.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb'] },
  workload: { replicas: 3 },
  controllerPlace: 'agents',
  watch: ['edge'],
  faults: [{ kind: 'pod-kill', parameters: { pod: 'ingress' }, target: ingressNode(), lasting: '30s' }],
  expect: [
    {
      checks: [
        { check: 'outage', probe: 'edge-http-new', atLeastMs: 200, atMostMs: 20_000 },
        { check: 'nodes-ready', butTarget: false },
      ],
    },
  ],
});
