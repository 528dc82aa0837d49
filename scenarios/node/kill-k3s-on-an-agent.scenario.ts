/**
 * Kill k3s on the agent that announces, and nothing else of it.
 *
 * Pods live on, and so does everything that kube-proxy and Flannel told the kernel. k3s is started again after 5 s, long
 * before anybody declares the node NotReady: clients notice nothing.
 */
import { announcer, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'kill-k3s-on-an-agent',
  why: 'k3s is one process for kubelet, proxy and overlay; its crash must not be an outage.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb', 'metallb-l2'] },
  workload: { replicas: 6 },
  watch: ['edge', 'others', 'pods', 'api'],
  faults: [{ kind: 'k3s-kill', target: announcer(), lasting: '40s' }],
  expect: [
    {
      checks: [
        { check: 'loss-at-most', probe: 'edge-http-new', share: 0.005 },
        { check: 'reachability', lost: 'none' },
        { check: 'nodes-ready', butTarget: false },
        { check: 'loss-at-most', probe: 'api', share: 0 },
      ],
    },
  ],
});
