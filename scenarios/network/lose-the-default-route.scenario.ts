/**
 * Take the default route of one agent away (here: the route to Services that stands for it on our isolated nodes).
 *
 * Pods do not notice: kube-proxy translates their packets before the kernel looks for a way. Processes of the node itself do:
 * the kernel finds no way to 10.43.0.1 and never gets to the translation. MetalLB's speaker, for example, runs there.
 */
import { agent, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'lose-the-default-route',
  why: "Without a default route a node's own processes lose every Service, and its pods none.",
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb'] },
  workload: { replicas: 6 },
  watch: ['edge', 'api', 'sweep'],
  faults: [{ kind: 'no-default-route', target: agent(1), lasting: '20s' }],
  expect: [
    { checks: [{ check: 'sweep', path: 'node-service', lost: 'from-target' }] },
    {
      when: { substrate: 'k3s' },
      checks: [
        { check: 'nodes-ready', butTarget: false },
        { check: 'loss-at-most', probe: 'api', share: 0 },
      ],
    },
  ],
});
