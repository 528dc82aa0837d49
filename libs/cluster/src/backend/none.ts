import type { Backend } from './backend.ts';

export const none: Backend = {
  name: 'none',
  what: 'no Flannel: a CNI of your own, installed from a manifest (--cni); nodes are not Ready before it runs',
  substrates: ['k3s'],
  // The controller of k3s for network policies needs its own data plane: a CNI brings what it can itself.
  k3sFlags: ['--flannel-backend=none', '--disable-network-policy'],
  nodeFlags: [],
  nodeFiles: [],
  features: [],
  needs: [],
  podMtu: 1500,
  bareSetup: () => {
    throw new Error('there is no CNI on bare');
  },
  golden: () => null,
};
