import { defineIncident } from '@faultline/incident/plan';

export default defineIncident({
  name: 'second-service-on-a-taken-port',
  title: 'A port clash: a second Service wants port 80, and waits for an address without a word',
  threads: [
    'https://github.com/k3s-io/k3s/issues/1107',
    'https://github.com/k3s-io/k3s/issues/1969',
    'https://github.com/k3d-io/k3d/issues/104',
  ],
  saw: 'a Service of type LoadBalancer on port 80 stays pending, and so do ServiceLB’s pods for it; no process listens on 80.',
  sign: 'after 20 s the Service has no address, and Traefik answers on 80 meanwhile',
  asked: {
    by: 'claim',
    claim: 'A27',
    k3s: 'v1.33.3+k3s1',
    here: { is: 'a second Service on port 80, which Traefik’s has' },
    control: { is: 'the same Service on a port that nobody has' },
  },
});
