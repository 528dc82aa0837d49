import { defineIncident } from '@faultline/incident/plan';

export default defineIncident({
  name: 'new-address-and-still-ready',
  title: 'A node has another address, everything is said to run, and its pods are cut off',
  threads: ['https://github.com/kubernetes-sigs/kind/issues/2045'],
  saw: 'after a restart of the engine nodes have other addresses; all is Running, and parts of it do not reach each other.',
  sign: 'pods of the node with the new address, and only these, are cut off from those of other nodes',
  limit: 'here the address changes while the node runs; of a node that starts anew tells node-address-changed.',
  asked: {
    by: 'scenario',
    sign: { check: 'sweep', path: 'pod-pod', lost: 'cross-node-of-target' },
    k3s: 'v1.33.3+k3s1',
    here: {
      is: 'an agent with another LAN address than the cluster knows',
      scenario: 'change-the-address-of-an-agent',
      cell: { substrate: 'k3s', backend: 'vxlan', loadBalancer: 'servicelb' },
    },
    control: {
      is: 'an agent with its own address, and a link that is narrow instead',
      scenario: 'narrow-the-link',
      cell: { substrate: 'k3s', backend: 'vxlan', loadBalancer: 'servicelb' },
    },
  },
});
