import type { LoadBalancer } from './load-balancer.ts';

export const servicelb: LoadBalancer = {
  name: 'servicelb',
  what: "k3s' own: a pod on every node takes the Service's ports at that node's address; an address that dies stays dead",
  substrates: ['k3s'],
  // On unless a server says --disable=servicelb.
  k3sFlags: [],
  features: ['load-balancer', 'load-balancer.node-addresses', 'load-balancer.icmp', 'load-balancer.udp'],
  needs: [],
  settings: {},
  virtualAddress: false,
  balancers: () => 0,
  // Part of the k3s release: see its catalogue.
  images: () => [],
  manifests: () => [],
  // Its pods come with the Service, and not before.
  components: () => [],
  serviceAnnotations: () => ({}),
  chooseHost: ({ pool }) => pool[0],
  process: 'entry',
  // A client of the dead node's address waits until that node returns. The other nodes' addresses never stop answering.
  failover: () => undefined,
};
