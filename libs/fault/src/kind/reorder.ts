import type { FaultKind } from './kind.ts';

export const reorder: FaultKind = {
  name: 'reorder',
  sentence: 'Lets some packets overtake others on their way out: all are delayed but those drawn.',
  parameters: {
    percent: { type: 'number', min: 0.1, max: 100, sentence: 'of the packets overtake' },
    ms: { type: 'integer', min: 1, max: 10_000, default: 10, sentence: 'by how many milliseconds' },
  },
  capability: 'netem',
  issue: 'https://github.com/cilium/cilium/issues/43341',
  breaks: 'packets pass the queue of the LAN interface, and arrive in another order',
};
