/**
 * Something else has 51820/udp when a node starts: a VPN of the host itself, with WireGuard's own port.
 *
 * Flannel's device cannot come up, and k3s ends, every 5 s until the squatter leaves. A kernel without WireGuard skips it.
 */
import { defineScenario, nodeWithEndpoint } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'squat-on-wireguard-before-start',
  why: "The VPN of an administrator and Flannel's want the same port.",
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s'], backend: ['wireguard-native'], loadBalancer: ['servicelb'] },
  workload: { replicas: 3 },
  watch: ['edge', 'api'],
  faults: [
    {
      kind: 'squat-port',
      parameters: { protocol: 'udp', port: 51_820, when: 'before-start' },
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
      ],
    },
  ],
});
