import type { FaultKind } from './kind.ts';

export const hostPortClash: FaultKind = {
  name: 'host-port-clash',
  sentence: 'Makes two pods for the node that want the same port of it: the scheduler places one.',
  parameters: {
    port: { type: 'integer', min: 1, max: 65_535, default: 18_080, sentence: 'the hostPort that both want' },
  },
  capability: 'kubernetes',
  issue: 'https://github.com/k3d-io/k3d/issues/104',
  sparesPing: true,
  breaks: 'at least one of the two pods is on no node, for the want of a free port',
};
