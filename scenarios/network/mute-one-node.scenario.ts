/**
 * Have the peers of one agent no longer hear it, neither its packets nor what it asks for by ARP; it hears them.
 *
 * The mirror image of `deafen-one-node`, and the same to whoever needs an answer. What it sends to all at once (VRRP) still
 * arrives, so on bare nobody takes the address from anybody.
 */
import { agent, defineScenario } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'mute-one-node',
  why: 'A node that hears but cannot speak is lost to all, and knows everything about them.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s', 'bare'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb', 'keepalived'] },
  workload: { replicas: 6 },
  watch: ['edge', 'api', 'sweep'],
  faults: [{ kind: 'partition', parameters: { direction: 'out' }, target: agent(1), lasting: '20s' }],
  expect: [{ checks: [{ check: 'sweep', path: 'all', lost: 'cross-node-of-target' }] }],
});
