/**
 * Kill CoreDNS, of which k3s runs one.
 *
 * The Ingress controller knows pods by their addresses: what comes from outside needs no name, and nothing of it is lost.
 * The server has it, for it was the only node when CoreDNS was placed.
 */
import { defineScenario, server } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'kill-coredns',
  why: 'Names may be gone for a moment; requests that need none must not be.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb'] },
  workload: { replicas: 6 },
  watch: ['edge', 'pods'],
  faults: [{ kind: 'pod-kill', parameters: { pod: 'dns' }, target: server(0), lasting: '20s' }],
  expect: [
    {
      checks: [
        { check: 'loss-at-most', probe: 'edge-http-new', share: 0 },
        { check: 'reachability', lost: 'none' },
        { check: 'nodes-ready', butTarget: false },
      ],
    },
  ],
});
