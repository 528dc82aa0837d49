/**
 * Kill containerd on an agent.
 *
 * Containers belong to their shims and live on. k3s ends itself when its containerd does, and is started again with a new
 * one after 5 s: what a killed k3s costs, and no more.
 */
import { agent, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'kill-containerd',
  why: 'The runtime may die without its containers.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb'] },
  workload: { replicas: 6 },
  watch: ['edge', 'others', 'pods'],
  faults: [{ kind: 'process-kill', parameters: { process: 'containerd' }, target: agent(1), lasting: '40s' }],
  expect: [
    {
      checks: [
        { check: 'loss-at-most', probe: 'edge-http-new', share: 0.005 },
        { check: 'reachability', lost: 'none' },
        { check: 'nodes-ready', butTarget: false },
      ],
    },
  ],
});
