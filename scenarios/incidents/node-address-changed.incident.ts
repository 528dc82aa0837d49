import { defineIncident } from '@faultline/incident/plan';

export default defineIncident({
  name: 'node-address-changed',
  title: 'A node comes back from a restart with another address, and its k3s does not start',
  threads: ['https://github.com/kubernetes-sigs/kind/issues/2045', 'https://github.com/k3s-io/k3s/issues/12639'],
  saw: 'after a restart of the container engine nodes have other addresses, and the cluster does not work again.',
  sign: '60 s after the agent came back with another address, it is not Ready under it, and its k3s has ended for want of the old one',
  limit: 'not every time: docs/findings/a-node-with-a-new-address-may-never-start.md says what the race is about.',
  asked: {
    by: 'claim',
    claim: 'node-address-changed',
    k3s: 'v1.33.3+k3s1',
    here: { is: 'an agent made again on its own volumes, with another address' },
    control: { is: 'the same, with the annotation provided-node-ip set to the new address' },
  },
});
