import type { FaultKind } from './kind.ts';

export const dnsRefused: FaultKind = {
  name: 'dns-refused',
  sentence:
    'Refuses DNS (53, udp and tcp) to the node, its pods and all that it forwards, as a rejecting firewall does.',
  parameters: {},
  capability: 'nft.owner',
  issue: 'https://github.com/kubernetes/kubeadm/issues/1056',
  sparesPing: true,
  breaks: 'queries to port 53 that the node sends or forwards are refused and counted',
};
