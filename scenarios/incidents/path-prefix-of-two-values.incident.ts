import { defineIncident } from '@faultline/incident/plan';

export default defineIncident({
  name: 'path-prefix-of-two-values',
  title: 'An upgrade of k3s brings Traefik 3, and routes whose PathPrefix has two values are gone',
  threads: ['https://github.com/k3s-io/k3s/issues/12586'],
  saw: 'after v1.31.5 to v1.32.5 an IngressRoute with PathPrefix(`/`, `/index.html`) no longer answers, and no release note had said so.',
  sign: 'the upgrade ends broken: what the old Traefik answered, the new one does not',
  asked: {
    by: 'upgrade',
    sign: 'broken',
    from: 'v1.32.1+k3s1',
    to: 'v1.33.3+k3s1',
    here: { is: 'two values in one matcher', manifests: 'scenarios/incidents/path-prefix-of-two-values/here.yaml' },
    control: {
      is: 'the same, one value in each matcher',
      manifests: 'scenarios/incidents/path-prefix-of-two-values/control.yaml',
    },
  },
});
