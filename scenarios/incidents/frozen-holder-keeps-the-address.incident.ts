import { defineIncident } from '@faultline/incident/plan';

export default defineIncident({
  name: 'frozen-holder-keeps-the-address',
  title: 'The leader has changed, and the old one still has the address on its interface',
  threads: ['https://github.com/kube-vip/kube-vip/issues/1579', 'https://github.com/kube-vip/kube-vip/issues/665'],
  saw: 'one node holds the lease, and two have the address and answer for it.',
  sign: 'two machines answer the same who-has',
  limit: 'the threads do not say what stopped the old holder; here its whole machine is frozen.',
  asked: {
    by: 'scenario',
    sign: { check: 'owner', is: 'two' },
    k3s: 'v1.33.3+k3s1',
    here: {
      is: 'kube-vip v1.2.3, its holder’s machine frozen: the address is the kernel’s, and the kernel answers on',
      scenario: 'freeze-the-announcing-node',
      cell: { substrate: 'k3s', backend: 'vxlan', loadBalancer: 'kube-vip-arp', controller: 'on-servers' },
    },
    control: {
      is: 'MetalLB v0.15.3 in its place: a process answers, and a frozen one does not',
      scenario: 'freeze-the-announcing-node',
      cell: { substrate: 'k3s', backend: 'vxlan', loadBalancer: 'metallb-l2', controller: 'on-servers' },
    },
  },
});
