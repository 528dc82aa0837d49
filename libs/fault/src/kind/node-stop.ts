import type { FaultKind } from './kind.ts';

export const nodeStop: FaultKind = {
  name: 'node-stop',
  sentence: 'Stops the node in order, as a shutdown does: k3s first, then every other process, which may say goodbye.',
  parameters: {},
  capability: null,
  issue: 'https://github.com/metallb/metallb/issues/2677',
  restartsNode: () => true,
  breaks: 'the node container does not run, and nobody answers ARP requests for its LAN address',
};
