import type { FaultKind } from './kind.ts';

export const linkDown: FaultKind = {
  name: 'link-down',
  sentence: 'Sets the LAN interface down in the node: its kernel knows, and drops the routes that lead over it.',
  parameters: {},
  capability: null,
  issue: 'https://github.com/flannel-io/flannel/issues/1434',
  breaks: 'the interface is down, and nobody answers ARP requests for its address',
};
