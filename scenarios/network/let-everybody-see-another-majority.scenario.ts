/**
 * Five nodes in a ring, each of which hears only its two neighbours: everybody sees a majority, and nobody the same one.
 *
 * Five partitions at once, each between two nodes. From Jepsen, whose `majorities-ring` has found out more than one consensus.
 * On bare those that do not hear the master of the address elect another.
 */
import { nodesNamed, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'let-everybody-see-another-majority',
  why: 'When each node sees a majority, and each another one, counting heads decides nothing.',
  topology: { servers: 1, agents: 4 },
  matrix: { substrate: ['bare'], backend: ['vxlan', 'host-gw'], loadBalancer: ['keepalived'] },
  workload: { replicas: 10 },
  watch: ['edge', 'api', 'sweep'],
  faults: [
    { kind: 'partition', parameters: { peers: 'agent-1' }, target: nodesNamed('server-0'), lasting: '20s' },
    { kind: 'partition', parameters: { peers: 'agent-2' }, target: nodesNamed('agent-0'), lasting: '20s' },
    { kind: 'partition', parameters: { peers: 'agent-3' }, target: nodesNamed('agent-1'), lasting: '20s' },
    { kind: 'partition', parameters: { peers: 'server-0' }, target: nodesNamed('agent-2'), lasting: '20s' },
    { kind: 'partition', parameters: { peers: 'agent-0' }, target: nodesNamed('agent-3'), lasting: '20s' },
  ],
  expect: [
    {
      checks: [
        {
          check: 'sweep',
          path: 'all',
          lost: {
            pairs: [
              ['server-0', 'agent-1'],
              ['agent-1', 'server-0'],
            ],
          },
          fault: 'fault-0',
        },
      ],
    },
    {
      checks: [
        {
          check: 'sweep',
          path: 'all',
          lost: {
            pairs: [
              ['agent-0', 'agent-2'],
              ['agent-2', 'agent-0'],
            ],
          },
          fault: 'fault-1',
        },
      ],
    },
    {
      checks: [
        {
          check: 'sweep',
          path: 'all',
          lost: {
            pairs: [
              ['agent-1', 'agent-3'],
              ['agent-3', 'agent-1'],
            ],
          },
          fault: 'fault-2',
        },
      ],
    },
    {
      checks: [
        {
          check: 'sweep',
          path: 'all',
          lost: {
            pairs: [
              ['agent-2', 'server-0'],
              ['server-0', 'agent-2'],
            ],
          },
          fault: 'fault-3',
        },
      ],
    },
    {
      checks: [
        {
          check: 'sweep',
          path: 'all',
          lost: {
            pairs: [
              ['agent-3', 'agent-0'],
              ['agent-0', 'agent-3'],
            ],
          },
          fault: 'fault-4',
        },
      ],
    },
    { checks: [{ check: 'owner', is: 'two' }] },
  ],
});
