import { defineIncident } from '@faultline/incident/plan';

export default defineIncident({
  name: 'two-announcers-after-reconnect',
  title: 'A node is cut off and returns, and MetalLB announces from two',
  threads: ['https://github.com/metallb/metallb/issues/584'],
  saw: 'the announcer was disconnected, another one announced, and after it was reconnected neighbours were left with either of the two.',
  sign: 'two machines answer the same who-has, for a second and longer',
  asked: {
    by: 'scenario',
    sign: { check: 'owner', is: 'two', atLeastMs: 1000 },
    k3s: 'v1.33.3+k3s1',
    here: {
      is: 'MetalLB v0.15.3, the cable out for 20 s',
      scenario: 'unplug-the-announcing-node',
      cell: { substrate: 'k3s', backend: 'vxlan', loadBalancer: 'metallb-l2', controller: 'on-servers' },
    },
    control: {
      is: 'MetalLB v0.15.3, the machine killed: what does not come back announces nothing',
      scenario: 'kill-the-announcing-node',
      cell: { substrate: 'k3s', backend: 'vxlan', loadBalancer: 'metallb-l2', controller: 'on-servers' },
    },
  },
});
