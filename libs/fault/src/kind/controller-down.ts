import type { FaultKind } from './kind.ts';

export const controllerDown: FaultKind = {
  name: 'controller-down',
  sentence: 'Takes every pod of the Ingress controller away, so that the Service of the load balancer has no endpoint.',
  parameters: {},
  capability: 'kubernetes',
  issue: 'https://github.com/metallb/metallb/issues/2604',
  sparesPing: true,
  breaks: 'the EndpointSlices of the Service of the Ingress controller have no endpoint that serves',
};
