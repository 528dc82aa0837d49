/**
 * Cut one agent from every other machine of the cluster. Clients still reach it, and it them.
 *
 * Nothing crosses, with whatever backend: the LAN is what is broken. It stays Ready for as long as the control plane waits for
 * a sign of life, 50 s; what is sent to its pods from other nodes until then is lost. On bare its keepalived hears nobody, takes
 * the address, and there are two.
 */
import { agent, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'cut-one-node-off',
  why: "A node that clients reach and its peers do not is in nobody's health check.",
  topology: { servers: 1, agents: 2 },
  matrix: {
    substrate: ['k3s', 'bare'],
    backend: ['vxlan', 'host-gw', 'vxlan-direct-routing', 'wireguard-native'],
    loadBalancer: ['servicelb', 'keepalived'],
  },
  workload: { replicas: 6 },
  watch: ['edge', 'api', 'sweep'],
  faults: [{ kind: 'partition', target: agent(1), lasting: '20s' }],
  expect: [
    { checks: [{ check: 'sweep', path: 'all', lost: 'cross-node-of-target' }] },
    { when: { substrate: 'bare' }, checks: [{ check: 'owner', is: 'two' }] },
  ],
});
