/**
 * Drop packets of pods that are longer than 1400 bytes on the wire of one agent, and tell nobody: a path between the nodes has
 * a smaller MTU than Flannel believes, and somebody filters ICMP.
 *
 * Pings, DNS, handshakes and small answers pass, so every health check is green. An answer of more than a segment never
 * arrives. It is the same with vxlan, whose packets are full at 1450 bytes of a pod, with host-gw, at 1500, and with DirectRouting,
 * which routes packets of 1450 bytes.
 */
import { agent, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'let-only-small-packets-through',
  why: 'An MTU black hole lets small answers pass: all that is checked works, and all that is large hangs.',
  topology: { servers: 1, agents: 2 },
  matrix: {
    substrate: ['k3s', 'bare'],
    backend: ['vxlan', 'host-gw', 'vxlan-direct-routing'],
    loadBalancer: ['servicelb', 'keepalived'],
  },
  workload: { replicas: 6 },
  watch: ['edge', 'api', 'sweep'],
  faults: [{ kind: 'mtu-black-hole', parameters: { bytes: 1400 }, target: agent(1), lasting: '20s' }],
  expect: [
    { checks: [{ check: 'sweep', path: 'pod-pod-large', lost: 'cross-node-of-target' }] },
    {
      when: { substrate: 'k3s' },
      checks: [
        { check: 'nodes-ready', butTarget: false },
        { check: 'loss-at-most', probe: 'api', share: 0 },
      ],
    },
  ],
});
