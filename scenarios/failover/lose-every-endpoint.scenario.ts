/**
 * Scale the Ingress controller to nothing: the load balancer's Service has no ready endpoint at all.
 *
 * MetalLB withdraws the address: nobody answers ARP any more. The others keep it, and kube-proxy refuses.
 */
import { defineScenario, server } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'lose-every-endpoint',
  why: 'An address without anyone behind it is refused by some load balancers, and vanishes with others.',
  topology: { servers: 1, agents: 2 },
  matrix: {
    substrate: ['k3s'],
    backend: ['vxlan', 'host-gw'],
    loadBalancer: ['servicelb', 'metallb-l2', 'kube-vip-arp'],
    controller: ['on-servers'],
  },
  // The echo's Service would share the address, and keep it announced.
  workload: { replicas: 3, place: 'servers', echo: false },
  watch: ['edge', 'api'],
  faults: [{ kind: 'controller-down', target: server(0), lasting: '20s' }],
  expect: [
    { checks: [{ check: 'never-recovers', probe: 'edge-http-new' }] },
    { when: { loadBalancer: 'metallb-l2' }, checks: [{ check: 'owner', is: 'nobody' }] },
    { when: { loadBalancer: 'servicelb' }, checks: [{ check: 'owner', is: 'same' }] },
  ],
});
