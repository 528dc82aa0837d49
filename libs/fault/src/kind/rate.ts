import type { FaultKind } from './kind.ts';

export const rate: FaultKind = {
  name: 'rate',
  sentence: 'Limits what leaves the LAN interface to so many bits a second; what waits longer than 200 ms is dropped.',
  parameters: { kbit: { type: 'integer', min: 8, max: 10_000_000, sentence: 'thousands of bits a second' } },
  capability: 'tbf',
  issue: 'https://github.com/k3s-io/k3s/issues/10574',
  sparesPing: true,
  breaks: 'packets are held back or dropped by the queue of the LAN interface, and counted',
};
