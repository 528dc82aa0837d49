import { defineIncident } from '@faultline/incident/plan';

export default defineIncident({
  name: 'dead-node-still-balanced-to',
  title: 'A node dies, and half of the requests at the other nodes fail',
  threads: ['https://github.com/k3s-io/klipper-lb/issues/27'],
  saw: 'with ServiceLB and Traefik on two nodes, one of which goes down, the address of the other fails for half of the requests.',
  sign: 'half of the requests are lost for 38 to 60 s after a node with one of two controllers was killed, and none then',
  limit: 'it ends when the node is declared NotReady; the thread says that it lasts until the node is back.',
  asked: {
    by: 'scenario',
    sign: {
      check: 'loss-share',
      probe: 'edge-http-new',
      share: 0.5,
      within: 0.1,
      atLeastMs: 38_000,
      atMostMs: 60_000,
    },
    k3s: 'v1.33.3+k3s1',
    here: {
      is: 'ServiceLB, a controller on each of two agents',
      scenario: 'kill-the-ingress-node',
      cell: { substrate: 'k3s', backend: 'vxlan', loadBalancer: 'servicelb', controller: 'daemonset' },
    },
    control: {
      is: 'MetalLB with externalTrafficPolicy Local: a node answers for its own controller only',
      scenario: 'kill-the-announcer-of-many-controllers',
      cell: {
        substrate: 'k3s',
        backend: 'vxlan',
        loadBalancer: 'metallb-l2',
        controller: 'daemonset',
        trafficPolicy: 'Local',
      },
    },
  },
});
