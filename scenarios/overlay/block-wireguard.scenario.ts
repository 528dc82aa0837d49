/**
 * Block 51820/udp, Flannel's WireGuard, on one agent.
 *
 * With wireguard-native it is what blocking 8472/udp is with vxlan: that node's pods reach, and are reached by, only the pods of
 * their own node, and the node stays Ready. Who opened 8472 in the firewall and then changed the backend has just this. With
 * vxlan the same block changes nothing. (IPv6 would have 51821/udp and an interface of its own.) A kernel without WireGuard skips
 * the first by its name.
 */
import { agent, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'block-wireguard',
  why: 'Each backend has a port of its own, and the rule that let the old one through does not know the new one.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s'], backend: ['wireguard-native', 'vxlan'], loadBalancer: ['servicelb', 'keepalived'] },
  workload: { replicas: 6 },
  watch: ['edge', 'pods', 'api', 'sweep'],
  faults: [
    {
      kind: 'block-port',
      parameters: { protocol: 'udp', port: 51_820, direction: 'both' },
      target: agent(1),
      lasting: '20s',
    },
  ],
  expect: [
    {
      when: { backend: 'wireguard-native' },
      checks: [
        { check: 'reachability', lost: 'cross-node-of-target' },
        {
          check: 'sweep',
          path: ['pod-pod', 'pod-pod-large', 'pod-service', 'node-pod', 'node-service', 'dns'],
          lost: 'cross-node-of-target',
        },
      ],
    },
    {
      when: { backend: 'vxlan' },
      checks: [
        { check: 'reachability', lost: 'none' },
        { check: 'sweep', path: 'all', lost: 'none' },
      ],
    },
    {
      checks: [
        { check: 'nodes-ready', butTarget: false },
        { check: 'loss-at-most', probe: 'api', share: 0 },
      ],
    },
  ],
});
