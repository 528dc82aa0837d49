/**
 * Kill a node that runs the Ingress controller, while the address that clients use is elsewhere, or moves.
 *
 * Two clocks: the address is back within seconds, or was never gone; the service waits for Kubernetes. A single controller
 * is missed until its node is NotReady (40 to 55 s), its pod evicted (300 s more) and another one ready: 340 to 365 s.
 * With tolerations of 10 s it is 57 to 75 s: NotReady, 5 s to the taint that evicts, the 10 s, and a new pod. With two
 * replicas, and with a DaemonSet on two agents, half of the requests are lost, for the first 40 to 55 s only.
 */
import { defineScenario, ingressNode } from '@faultline/scenario/plan';

export default defineScenario({
  name: 'kill-the-ingress-node',
  why: 'The address is back after seconds, the service after minutes: both are true.',
  topology: { servers: 1, agents: 2 },
  matrix: {
    substrate: ['k3s'],
    backend: ['vxlan', 'host-gw'],
    loadBalancer: ['servicelb', 'metallb-l2', 'kube-vip-arp'],
    controller: ['default', 'fast-eviction', 'two-replicas', 'daemonset'],
  },
  controllerPlace: 'agents',
  workload: { replicas: 3, place: 'servers' },
  watch: ['edge', 'api'],
  faults: [{ kind: 'node-kill', target: ingressNode(), lasting: '390s', until: 'recovered', heal: false }],
  expect: [
    {
      when: { controller: 'default' },
      checks: [{ check: 'outage', probe: 'edge-http-new', atLeastMs: 335_000, atMostMs: 375_000 }],
    },
    {
      when: { controller: 'fast-eviction' },
      checks: [{ check: 'outage', probe: 'edge-http-new', atLeastMs: 55_000, atMostMs: 80_000 }],
    },
    ...(['two-replicas', 'daemonset'] as const).map((controller) => ({
      when: { controller, loadBalancer: 'servicelb' as const },
      checks: [
        {
          check: 'loss-share',
          probe: 'edge-http-new',
          share: 0.5,
          within: 0.1,
          atLeastMs: 38_000,
          atMostMs: 60_000,
        } as const,
      ],
    })),
    { checks: [{ check: 'nodes-ready', butTarget: true }] },
  ],
});
