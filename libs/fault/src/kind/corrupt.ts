import type { FaultKind } from './kind.ts';

export const corrupt: FaultKind = {
  name: 'corrupt',
  sentence: 'Turns a bit over in some packets, whose checksum is then wrong.',
  parameters: { percent: { type: 'number', min: 0.1, max: 100, sentence: 'of the packets' } },
  capability: 'netem',
  issue: 'https://github.com/flannel-io/flannel/issues/1279',
  breaks: 'packets pass the queue of the LAN interface, and some are refused where they arrive',
};
