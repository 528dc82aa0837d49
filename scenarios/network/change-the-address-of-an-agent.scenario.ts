/**
 * Give one agent another LAN address, as DHCP does, and tell nobody.
 *
 * Its peers' overlay sends to the old one, where nobody is; its own VXLAN device sends from it, and may not. What it asks of
 * nodes it asks from the new address, and gets an answer: so it stays Ready, under an address that is no longer its own. A routed
 * backend is better off: packets carry pods' addresses, and the routes, which the kernel takes away with the old address, Flannel makes
 * again (all was lost for 3 s, and nothing after 14 s: seen). How long its peers remember its MAC is not judged.
 */
import { agent, defineScenario } from '@faultline/scenario/plan';

const PODS = ['pod-pod', 'pod-pod-large', 'pod-service', 'dns'] as const;
const NODES = ['node-pod', 'node-service'] as const;

export default defineScenario({
  name: 'change-the-address-of-an-agent',
  why: 'A node with a new address is Ready, and unreachable for every pod.',
  topology: { servers: 1, agents: 2 },
  matrix: { substrate: ['k3s', 'bare'], backend: ['vxlan', 'host-gw'], loadBalancer: ['servicelb', 'keepalived'] },
  workload: { replicas: 6 },
  watch: ['edge', 'api', 'sweep'],
  faults: [{ kind: 'address-change', target: agent(1), lasting: '20s' }],
  expect: [
    {
      when: { backend: 'vxlan' },
      checks: [{ check: 'sweep', path: [...PODS, ...NODES], lost: 'cross-node-of-target' }],
    },
    {
      when: { backend: 'host-gw', substrate: 'k3s' },
      checks: [{ check: 'sweep', path: [...PODS, ...NODES], lost: 'any-of-target' }],
    },
    {
      // There is no Flannel that makes them again.
      when: { backend: 'host-gw', substrate: 'bare' },
      checks: [
        { check: 'sweep', path: PODS, lost: 'cross-node-of-target' },
        { check: 'sweep', path: NODES, lost: 'cross-node-to-target' },
        { check: 'sweep', path: NODES, lost: 'any-of-target' },
      ],
    },
    // Its own pods are told the old address too, which even at home is nobody's now.
    { when: { substrate: 'k3s' }, checks: [{ check: 'sweep', path: 'pod-node', lost: 'to-target' }] },
    { when: { substrate: 'bare' }, checks: [{ check: 'sweep', path: 'pod-node', lost: 'cross-node-of-target' }] },
  ],
});
