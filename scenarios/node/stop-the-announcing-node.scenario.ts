/**
 * Shut the announcing node down in order.
 *
 * What was announcing may say goodbye, and the others need not find out that it is gone. keepalived sends a last advert of
 * priority 0, and its peer takes over after its skew, 0.6 s. MetalLB's speaker leaves its peers' list where it still comes to
 * it, and another one announces after 0.2 s; in three of six it did not, and its peers had to miss it. kube-vip may give
 * its lease back, or leave it to expire: of both, what a kill costs is the most.
 */
import { announcer, defineScenario } from '@faultline/scenario/plan';

const edge = (atMostMs: number) => ({ check: 'outage', probe: 'edge-http-new', atLeastMs: 0, atMostMs }) as const;

export default defineScenario({
  name: 'stop-the-announcing-node',
  why: 'A planned shutdown should cost less than a power cut.',
  topology: { servers: 1, agents: 2 },
  matrix: {
    substrate: ['k3s', 'bare'],
    backend: ['vxlan', 'host-gw'],
    loadBalancer: ['keepalived', 'metallb-l2', 'kube-vip-arp'],
    controller: ['on-servers'],
  },
  workload: { replicas: 3, place: 'servers' },
  watch: ['edge'],
  faults: [{ kind: 'node-stop', target: announcer(), lasting: '40s' }],
  expect: [
    { when: { loadBalancer: 'keepalived' }, checks: [edge(2_000)] },
    // Who says goodbye answers on until its process is gone: for 0.2 s, and nobody loses anything by it (seen).
    { when: { loadBalancer: 'metallb-l2' }, checks: [edge(7_000), { check: 'owners-overlap', atMostMs: 1_000 }] },
    { when: { loadBalancer: 'kube-vip-arp' }, checks: [edge(23_000)] },
    { checks: [{ check: 'owner', is: 'moves' }] },
  ],
});
