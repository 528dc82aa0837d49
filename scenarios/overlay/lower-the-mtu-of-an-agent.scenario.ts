/**
 * Lower the MTU of one agent's LAN interface to 1400, while Flannel has made its own for 1500.
 *
 * Not the black hole that one would expect: the kernel knows about it. With vxlan it tells the sender within the node to leave
 * room, and fragments what it must; with host-gw it tells the pods by ICMP, and they send less. TCP loses nothing either way
 * (seen in network namespaces). A single packet from a peer that is larger than the interface's MTU is not taken, and nobody is
 * told: a large ping through the overlay is lost, a large answer, which comes as a train of segments, is not.
 */
import { agent, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'lower-the-mtu-of-an-agent',
  why: 'An MTU that the kernel knows to be too small costs fragments, where one that nobody knows costs the connection.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s', 'bare'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb', 'keepalived'] },
  workload: { replicas: 6 },
  watch: ['edge', 'api', 'sweep'],
  faults: [{ kind: 'mtu', parameters: { bytes: 1400 }, target: agent(1), lasting: '20s' }],
  expect: [
    { checks: [{ check: 'sweep', path: 'all', lost: 'none' }] },
    {
      when: { substrate: 'k3s' },
      checks: [
        { check: 'nodes-ready', butTarget: false },
        { check: 'loss-at-most', probe: 'api', share: 0 },
      ],
    },
  ],
});
