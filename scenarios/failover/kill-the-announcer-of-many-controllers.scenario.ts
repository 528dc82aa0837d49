/**
 * Kill the announcer where every node runs the Ingress controller, with externalTrafficPolicy Cluster and Local.
 *
 * With Cluster the address is back in seconds, but its new holder sends a third of the connections to the controller that
 * died, until Kubernetes takes that out of the Service. With Local a node answers for its own controller only: when the
 * address is back, the service is.
 */
import { announcer, defineScenario } from '@faultline/scenario/plan';

const A_THIRD = {
  check: 'loss-share',
  probe: 'edge-http-new',
  share: 1 / 3,
  within: 0.08,
  atLeastMs: 38_000,
  atMostMs: 62_000,
} as const;

export default defineScenario({
  name: 'kill-the-announcer-of-many-controllers',
  why: 'Which traffic policy one has decides whether a failover takes seconds or a minute.',
  topology: { servers: 1, agents: 2 },
  matrix: {
    substrate: ['k3s'],
    backend: ['vxlan', 'host-gw'],
    loadBalancer: ['metallb-l2', 'kube-vip-arp'],
    controller: ['daemonset'],
    trafficPolicy: ['Cluster', 'Local'],
  },
  workload: { replicas: 3, place: 'servers' },
  watch: ['edge'],
  faults: [{ kind: 'node-kill', target: announcer(), lasting: '80s', until: 'recovered', heal: false }],
  expect: [
    // Of three controllers one is dead. The share counts from when the address is back at the latest.
    {
      when: { trafficPolicy: 'Cluster', loadBalancer: 'metallb-l2' },
      checks: [{ ...A_THIRD, afterMs: 8000 }],
    },
    {
      when: { trafficPolicy: 'Cluster', loadBalancer: 'kube-vip-arp' },
      checks: [{ ...A_THIRD, afterMs: 25_000 }],
    },
    { when: { trafficPolicy: 'Local' }, checks: [{ check: 'failover', probe: 'edge-http-new' }] },
    { checks: [{ check: 'owner', is: 'moves' }] },
  ],
});
