import type { FaultKind } from './kind.ts';

export const diskSlow: FaultKind = {
  name: 'disk-slow',
  sentence: "Throttles what the node's own processes read from and write to the disk, as a worn SD card does.",
  parameters: {
    kbps: { type: 'integer', min: 16, max: 1000, default: 512, sentence: 'kB a second, each way' },
  },
  capability: 'blkio.throttle',
  issue: 'https://github.com/k3s-io/k3s/issues/1850',
  breaks: 'a write that must be on the disk takes as long as the throttle lets it',
};
