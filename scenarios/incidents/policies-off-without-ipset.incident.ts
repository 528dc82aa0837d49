import { defineIncident } from '@faultline/incident/plan';

export default defineIncident({
  name: 'policies-off-without-ipset',
  title: 'NetworkPolicies are accepted, and nobody enforces them',
  threads: ['https://github.com/Dstack-TEE/dstack/issues/792'],
  saw: 'on a kernel without ipset k3s starts, says one line, and every pod reaches every other whatever a policy says.',
  sign: 'with a default-deny, a pod on the node is reached all the same',
  limit:
    'here the program ipset is taken away, and not the kernel’s part of it: the controller fails at the same place.',
  asked: {
    by: 'claim',
    claim: 'A63',
    k3s: 'v1.33.3+k3s1',
    here: { is: 'k3s started again where ipset cannot be found' },
    control: { is: 'k3s started again with it' },
  },
});
