import type { FaultKind } from './kind.ts';

export const delay: FaultKind = {
  name: 'delay',
  sentence: 'Delays what leaves the LAN interface, by the same time or by one drawn for each packet.',
  parameters: {
    ms: { type: 'integer', min: 1, max: 10_000, sentence: 'milliseconds' },
    jitterMs: { type: 'integer', min: 0, max: 10_000, default: 0, sentence: 'drawn evenly from so much less or more' },
  },
  capability: 'netem',
  issue: 'https://github.com/k3s-io/k3s/issues/6297',
  breaks: 'packets pass the queue of the LAN interface, each after its delay',
};
