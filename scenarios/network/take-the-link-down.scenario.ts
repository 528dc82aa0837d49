/**
 * Set the LAN interface of one agent down, and up again.
 *
 * Unlike an unplugged cable the node notices: every route over the interface is gone, that to Services included, so that not
 * even a pod of its own answers a process of the node through a Service. When the interface is back the kernel has restored its
 * own routes and nobody else's. With vxlan nothing is missing, for Flannel's routes lead over flannel.1, which never went
 * down. With host-gw Flannel looks after its routes every 10 s: until then, no pod of another node.
 */
import { agent, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'take-the-link-down',
  why: "What comes back with an interface is its address; the routes are somebody's to restore.",
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s', 'bare'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb', 'keepalived'] },
  workload: { replicas: 6 },
  watch: ['edge', 'api', 'sweep'],
  faults: [{ kind: 'link-down', target: agent(1), lasting: '20s' }],
  expect: [
    { checks: [{ check: 'sweep', path: 'all', lost: 'cross-node-of-target' }] },
    { when: { substrate: 'k3s' }, checks: [{ check: 'sweep', path: 'node-service', lost: 'from-target' }] },
  ],
});
