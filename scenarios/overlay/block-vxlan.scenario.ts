/**
 * Block 8472/udp, Flannel's VXLAN, on one agent.
 *
 * With vxlan that node's pods reach, and are reached by, only the pods of their own node; the node stays Ready, because
 * the kubelet speaks to the API by the node's own address. With host-gw the same block changes nothing: no packet is
 * encapsulated. Nor does it with vxlan and DirectRouting, where nodes share a LAN, nor with wireguard-native, which has a port of
 * its own (block-wireguard).
 */
import { agent, defineScenario } from '@faultline/scenario/plan';

const nothing = [
  { check: 'reachability', lost: 'none' },
  { check: 'sweep', path: 'all', lost: 'none' },
] as const;

export default defineScenario({
  name: 'block-vxlan',
  why: 'A firewall that drops the overlay cuts pods from each other while every node stays Ready.',
  topology: { servers: 1, agents: 2 },
  matrix: {
    substrate: ['k3s', 'bare'],
    backend: ['vxlan', 'host-gw', 'vxlan-direct-routing', 'wireguard-native'],
    loadBalancer: ['servicelb', 'keepalived'],
  },
  workload: { replicas: 6 },
  watch: ['edge', 'pods', 'api', 'sweep'],
  faults: [
    {
      kind: 'block-port',
      parameters: { protocol: 'udp', port: 8472, direction: 'both' },
      target: agent(1),
      lasting: '20s',
    },
  ],
  expect: [
    {
      when: { backend: 'vxlan' },
      checks: [
        { check: 'reachability', lost: 'cross-node-of-target' },
        {
          check: 'sweep',
          path: ['pod-pod', 'pod-pod-large', 'pod-service', 'node-pod', 'node-service', 'dns'],
          lost: 'cross-node-of-target',
        },
      ],
    },
    { when: { backend: 'host-gw' }, checks: nothing },
    { when: { backend: 'vxlan-direct-routing' }, checks: nothing },
    { when: { backend: 'wireguard-native' }, checks: nothing },
    // Flannel on k3s masquerades what leaves a pod for a node, so that its answer comes by the LAN. On bare nobody does, and
    // the answer to a pod's own address goes by the overlay.
    {
      when: { substrate: 'bare', backend: 'vxlan' },
      checks: [{ check: 'sweep', path: 'pod-node', lost: 'cross-node-of-target' }],
    },
    {
      when: { substrate: 'k3s' },
      checks: [
        { check: 'nodes-ready', butTarget: false },
        // An API that were cut off would lose all. The sweep takes the processors of a small host for a second, though.
        { check: 'loss-at-most', probe: 'api', share: 0 },
      ],
    },
  ],
});
