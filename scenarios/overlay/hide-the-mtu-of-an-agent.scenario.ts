/**
 * Drop ICMP "fragmentation needed" at one agent, and then lower the MTU of its LAN interface to 1400.
 *
 * Each alone costs next to nothing: without a small MTU nobody sends such an ICMP, and a small MTU that the kernel may tell of
 * is heeded (lower-the-mtu-of-an-agent). Together they are a black hole: who sends packets of 1500 bytes out of that node is not
 * told, and sends them again, and again. So what its pods answer at length never arrives; what others answer them does, for between
 * containers a train of segments is taken whole, whatever the MTU of who takes it (a switch would not).
 */
import { agent, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'hide-the-mtu-of-an-agent',
  why: 'Who filters all ICMP for safety has turned every small MTU into a black hole.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s', 'bare'], backend: ['host-gw'], loadBalancer: ['servicelb', 'keepalived'] },
  workload: { replicas: 6 },
  watch: ['edge', 'api', 'sweep'],
  faults: [
    { kind: 'block-icmp-frag', target: agent(1), lasting: '40s' },
    { kind: 'mtu', parameters: { bytes: 1400 }, target: agent(1), after: '12s', lasting: '20s' },
  ],
  expect: [
    { checks: [{ check: 'sweep', path: 'pod-pod-large', lost: 'cross-node-to-target' }] },
    {
      when: { substrate: 'k3s' },
      checks: [
        { check: 'nodes-ready', butTarget: false },
        { check: 'loss-at-most', probe: 'api', share: 0 },
      ],
    },
  ],
});
