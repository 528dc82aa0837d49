import type { FaultKind } from './kind.ts';

export const linkFlap: FaultKind = {
  name: 'link-flap',
  sentence: 'Sets the LAN interface down and up again, over and over, as a bad cable or port does.',
  parameters: {
    downMs: { type: 'integer', min: 100, max: 60_000, default: 1000, sentence: 'how long it is down each time' },
    upMs: { type: 'integer', min: 100, max: 60_000, default: 3000, sentence: 'how long it is up in between' },
  },
  capability: null,
  issue: 'https://github.com/flannel-io/flannel/issues/1759',
  breaks: 'the kernel counts the carrier of the interface lost again and again',
};
