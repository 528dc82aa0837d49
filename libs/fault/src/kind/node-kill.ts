import type { FaultKind } from './kind.ts';

export const nodeKill: FaultKind = {
  name: 'node-kill',
  sentence: 'Kills the node at once with SIGKILL, as a power cut does: nothing is drained, nobody says goodbye.',
  parameters: {
    restart: { type: 'boolean', default: true, sentence: 'whether healing starts the node again, or leaves it dead' },
  },
  capability: null,
  issue: 'https://github.com/k3s-io/klipper-lb/issues/27',
  restartsNode: ({ restart }) => restart !== false,
  breaks: 'the node container does not run, and nobody answers ARP requests for its LAN address',
};
