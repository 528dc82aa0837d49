import type { FaultKind } from './kind.ts';

export const duplicate: FaultKind = {
  name: 'duplicate',
  sentence: 'Sends some packets twice.',
  parameters: { percent: { type: 'number', min: 0.1, max: 100, sentence: 'of the packets' } },
  capability: 'netem',
  issue: 'https://github.com/kubernetes/kubernetes/issues/43353',
  sparesPing: true,
  breaks: 'packets pass the queue of the LAN interface, some of them twice',
};
