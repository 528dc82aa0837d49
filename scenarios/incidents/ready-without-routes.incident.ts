import { defineIncident } from '@faultline/incident/plan';

export default defineIncident({
  name: 'ready-without-routes',
  title: 'Traefik is Ready, and answers 404 to everything',
  threads: [
    'https://github.com/traefik/traefik/issues/13390',
    'https://github.com/traefik/traefik/issues/10458',
    'https://github.com/k3s-io/k3s/issues/9475',
  ],
  saw: 'a Traefik pod that could not reach the API when it started is Ready and gets traffic, and knows no route.',
  sign: 'the pod is Ready again after its container was started anew, and the app’s host is 404',
  limit: 'when the API is back the routes come; the thread tells of a pod to which they did not come for 6 hours.',
  asked: {
    by: 'claim',
    claim: 'ready-without-routes',
    k3s: 'v1.33.3+k3s1',
    here: { is: 'the container started again while its pod cannot reach the API' },
    control: { is: 'the container started again while it can' },
  },
});
