import type { FaultKind } from './kind.ts';

export const addressChange: FaultKind = {
  name: 'address-change',
  sentence: "Replaces the node's LAN address by another, as a new lease of DHCP does; what runs on it is not told.",
  parameters: {},
  capability: null,
  issue: 'https://github.com/k3s-io/k3s/issues/3006',
  breaks: 'the interface holds another address, and nobody answers ARP requests for the old one',
};
