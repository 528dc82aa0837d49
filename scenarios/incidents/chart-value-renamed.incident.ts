import { defineIncident } from '@faultline/incident/plan';

export default defineIncident({
  name: 'chart-value-renamed',
  title: 'A value of Traefik’s chart has another name in the new chart, and its Helm job fails',
  threads: ['https://github.com/k3s-io/k3s/issues/11744', 'https://github.com/k3s-io/k3s/issues/11815'],
  saw: 'certResolvers of the chart of Traefik 2 is certificatesResolvers in that of Traefik 3, and resolvers are down after the upgrade.',
  sign: 'the upgrade ends stuck: the Helm job fails, and the old Traefik serves on',
  asked: {
    by: 'upgrade',
    sign: 'stuck',
    from: 'v1.32.1+k3s1',
    to: 'v1.33.3+k3s1',
    here: {
      is: 'certResolvers, as the old chart has it',
      manifests: 'scenarios/incidents/chart-value-renamed/here.yaml',
    },
    control: {
      is: 'certificatesResolvers, as the new chart has it',
      manifests: 'scenarios/incidents/chart-value-renamed/control.yaml',
    },
  },
});
