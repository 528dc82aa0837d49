import { defineIncident } from '@faultline/incident/plan';

export default defineIncident({
  name: 'five-minutes-without-the-pod',
  title: 'A node dies, and its only pod is missed for more than five minutes',
  threads: [
    'https://github.com/k3s-io/k3s/issues/6239',
    'https://github.com/metallb/metallb/issues/298',
    'https://github.com/metallb/metallb/issues/733',
  ],
  saw: 'a node was stopped, and its pods are not made anew on another one; with one replica the failover takes 5 minutes.',
  sign: 'nothing is answered for 335 to 375 s after the node with the only Traefik pod was killed',
  asked: {
    by: 'scenario',
    sign: { check: 'outage', probe: 'edge-http-new', atLeastMs: 335_000, atMostMs: 375_000 },
    k3s: 'v1.33.3+k3s1',
    here: {
      is: 'Traefik as k3s lays it out: one replica, the default tolerations',
      scenario: 'kill-the-ingress-node',
      cell: { substrate: 'k3s', backend: 'vxlan', loadBalancer: 'servicelb' },
    },
    control: {
      is: 'the same with tolerations of 10 s',
      scenario: 'kill-the-ingress-node',
      cell: { substrate: 'k3s', backend: 'vxlan', loadBalancer: 'servicelb', controller: 'fast-eviction' },
    },
  },
});
