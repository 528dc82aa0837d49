import { defineIncident } from '@faultline/incident/plan';

export default defineIncident({
  name: 'two-holders-after-reconnect',
  title: 'A cable comes back, and two machines hold the address',
  threads: ['https://github.com/kube-vip/kube-vip/issues/1385', 'https://github.com/kube-vip/kube-vip/issues/996'],
  saw: 'the cable of kube-vip’s leader is pulled, another takes over, the cable is plugged in: the address is on both.',
  sign: 'two machines answer the same who-has',
  limit: 'v0.8.9 of the thread, which keeps the address for good, is not at hand; v1.2.3 lets go of it within seconds.',
  asked: {
    by: 'scenario',
    sign: { check: 'owner', is: 'two' },
    k3s: 'v1.33.3+k3s1',
    here: {
      is: 'kube-vip v1.2.3, the cable out for 19 s: longer than the lease, shorter than its holder holds on',
      scenario: 'two-holders-after-reconnect',
      cell: { substrate: 'k3s', backend: 'vxlan', loadBalancer: 'kube-vip-arp', controller: 'on-servers' },
    },
    control: {
      is: 'kube-vip v1.2.3, the cable out for 34 s: its holder has let go of the address by then',
      scenario: 'unplug-the-announcing-node',
      cell: { substrate: 'k3s', backend: 'vxlan', loadBalancer: 'kube-vip-arp', controller: 'on-servers' },
    },
  },
});
