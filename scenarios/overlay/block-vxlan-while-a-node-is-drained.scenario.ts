/**
 * Drain one agent, as before a maintenance, and then block Flannel's VXLAN on the other.
 *
 * Each alone is known: a drain moves the pods and loses next to nothing; the block loses the share of the requests that goes
 * to pods on the other side of it, a third with three nodes. Together the third is a half: half of the pods are where the
 * block is, because the drained node's had to go somewhere. With host-gw the block changes nothing, drained or not.
 *
 * Clients enter at the server's own address: one that another node announces would be behind the block as a whole.
 */
import { agent, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'block-vxlan-while-a-node-is-drained',
  why: 'A maintenance uses up the spare: what would have cost a third of the requests costs half of them.',
  topology: { servers: 1, agents: 2 },
  matrix: {
    substrate: ['k3s'],
    backend: ['vxlan', 'host-gw'],
    loadBalancer: ['servicelb'],
    controller: ['on-servers'],
  },
  workload: { replicas: 6 },
  watch: ['edge', 'api'],
  faults: [
    { kind: 'node-drain', target: agent(0), lasting: '60s' },
    {
      kind: 'block-port',
      parameters: { protocol: 'udp', port: 8472, direction: 'both' },
      target: agent(1),
      after: '35s',
      lasting: '20s',
    },
  ],
  expect: [
    {
      when: { backend: 'vxlan' },
      checks: [
        {
          check: 'loss-share',
          fault: 'fault-1',
          probe: 'edge-http-new',
          share: 0.5,
          within: 0.08,
          atLeastMs: 19_000,
          atMostMs: 24_000,
        },
      ],
    },
    {
      when: { backend: 'host-gw' },
      checks: [{ check: 'loss-at-most', fault: 'fault-1', probe: 'edge-http-new', share: 0.02 }],
    },
    {
      checks: [
        { check: 'nodes-ready', butTarget: false },
        { check: 'loss-at-most', probe: 'api', share: 0 },
      ],
    },
  ],
});
