/** Who holds the clients' address, by the load balancer's name: what decides how a failover goes. A stranger is its name. */
const MECHANISMS: Readonly<Record<string, string>> = {
  servicelb: 'each node, at its own address; nobody takes over a dead one',
  'metallb-l2': 'one speaker, chosen by memberlist, by ARP',
  'kube-vip-arp': "the holder of kube-vip's lease, by ARP",
  keepalived: 'one of a pair outside the cluster, by VRRP',
};

export function mechanismOf(loadBalancer: string | undefined): string {
  return MECHANISMS[loadBalancer ?? ''] ?? loadBalancer ?? 'not said';
}
