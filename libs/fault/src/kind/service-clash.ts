import type { FaultKind } from './kind.ts';

export const serviceClash: FaultKind = {
  name: 'service-clash',
  sentence: 'Makes a second Service of type LoadBalancer on port 80, which the Ingress controller has already.',
  parameters: {},
  capability: 'kubernetes',
  issue: 'https://github.com/k3s-io/k3s/issues/1969',
  sparesPing: true,
  breaks: 'the second Service is there and has no address: it is pending',
};
