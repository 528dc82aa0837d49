/**
 * Block 10250/tcp into one agent.
 *
 * k3s asks its kubelets through a tunnel that they open to the server, so `kubectl logs` and `exec` go on. The metrics server
 * asks them directly, and `kubectl top` knows nothing of that node (A75; that it is so is not judged here). Pods of other nodes do not
 * reach that port, and everything else is as it was.
 */
import { agent, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'block-the-kubelet-port',
  why: 'A closed 10250 costs the metrics of a node, and nothing that serves anybody.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb'] },
  workload: { replicas: 6 },
  watch: ['edge', 'api', 'sweep'],
  faults: [
    {
      kind: 'block-port',
      parameters: { protocol: 'tcp', port: 10250, direction: 'in' },
      target: agent(1),
      lasting: '20s',
    },
  ],
  expect: [
    {
      checks: [
        { check: 'sweep', path: 'pod-node', lost: 'cross-node-to-target' },
        {
          check: 'sweep',
          path: ['pod-pod', 'pod-pod-large', 'pod-service', 'node-pod', 'node-service', 'dns'],
          lost: 'none',
        },
      ],
    },
    {
      when: { substrate: 'k3s' },
      checks: [
        { check: 'nodes-ready', butTarget: false },
        { check: 'loss-at-most', probe: 'api', share: 0 },
      ],
    },
  ],
});
