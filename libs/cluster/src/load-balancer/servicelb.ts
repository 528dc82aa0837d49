import type { LoadBalancer } from './load-balancer.ts';

export const servicelb: LoadBalancer = {
  name: 'servicelb',
  what: "k3s' own: a pod on every node takes the Service's ports at that node's address; an address that dies stays dead",
  substrates: ['k3s'],
  // On unless a server says --disable=servicelb.
  k3sFlags: [],
  features: ['load-balancer', 'load-balancer.node-addresses'],
  needs: [],
  virtualAddress: false,
  // A client of the dead node's address waits until that node returns. The other nodes' addresses never stop answering.
  failover: undefined,
};
