/**
 * Block 6443/tcp of the only server for every agent.
 *
 * The agents lose the control plane, and go on with what they were last told: kube-proxy's rules, Flannel's routes and
 * Traefik's configuration stay. Nodes are Ready until nobody has heard of them for 50 s, which this does not wait for.
 */
import { server, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'lose-the-api',
  why: 'Without the API a cluster serves what it served, and can change nothing.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb'] },
  workload: { replicas: 6 },
  watch: ['edge', 'api', 'sweep'],
  faults: [
    {
      kind: 'block-port',
      parameters: { protocol: 'tcp', port: 6443, direction: 'in', peers: 'others' },
      target: server(0),
      lasting: '40s',
    },
  ],
  expect: [
    { checks: [{ check: 'sweep', path: 'all', lost: 'none' }] },
    {
      checks: [
        { check: 'loss-at-most', probe: 'edge-http-new', share: 0.01 },
        { check: 'nodes-ready', butTarget: false },
      ],
    },
  ],
});
