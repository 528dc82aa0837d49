import type { FaultKind } from './kind.ts';

export const noDefaultRoute: FaultKind = {
  name: 'no-default-route',
  sentence:
    "Takes the node's default route away, or what stands for it here: without one, Services have no way out of its own network.",
  parameters: {},
  capability: null,
  issue: 'https://github.com/kubernetes/kubernetes/issues/57534',
  sparesPing: true,
  breaks: 'the kernel has no route to the address of a Service, before kube-proxy could translate it',
};
