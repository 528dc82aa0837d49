import { defineIncident } from '@faultline/incident/plan';

export default defineIncident({
  name: 'two-load-balancers-fight',
  title: 'ServiceLB and MetalLB in one cluster write each other’s addresses away',
  threads: [
    'https://github.com/k3s-io/k3s/issues/269',
    'https://github.com/k3s-io/k3s/issues/2765',
    'https://github.com/metallb/metallb/issues/804',
  ],
  saw: 'a Service’s external address changes every few seconds, for hours, and the logs of both are full of it.',
  sign: 'the address of a Service is written at least 10 times within 20 s, now the one’s, now the other’s',
  asked: {
    by: 'claim',
    claim: 'two-load-balancers-fight',
    k3s: 'v1.33.3+k3s1',
    here: { is: 'MetalLB v0.15.3 installed beside ServiceLB' },
    control: { is: 'the same after the server was told --disable=servicelb' },
  },
});
