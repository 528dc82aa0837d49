/** The nft tables of faults that drop, or refuse, some packets of a machine: one function each, rendered from what was checked. */
import { goesIn, goesOut, oneOf, tableScript, type Rule, type TableScript, type Where } from './nft.ts';
import type { Machine } from './peers.ts';
import type { FaultParameters } from './spec.ts';

const macsOf = (peers: readonly Machine[]): string => oneOf(peers.map(({ mac }) => mac));

/**
 * Nothing passes between the machine and its peers, whatever addresses it carries: frames are told by their MAC. What
 * the machine asks all of the LAN for a peer by ARP is lost as well; other multicast of its own still reaches them.
 */
export function partitionScript(fault: string, { direction }: FaultParameters, where: Where): TableScript {
  const { device, peers = [] } = where;
  const hears: Rule = { chain: 'from_peers', hook: 'ingress', match: `ether saddr ${macsOf(peers)}` };
  const says: Rule = { chain: 'to_peers', hook: 'egress', match: `ether daddr ${macsOf(peers)}` };
  const addresses = oneOf(peers.map(({ address }) => address));
  const asks: Rule = { chain: 'arp_for_peers', hook: 'egress', match: `arp daddr ip ${addresses}` };
  return tableScript(
    fault,
    [...(goesIn(direction) ? [hears] : []), ...(goesOut(direction) ? [says, asks] : [])],
    device,
  );
}

/** Each frame is lost by a throw of its own. */
export function lossScript(fault: string, { percent, direction }: FaultParameters, where: Where): TableScript {
  const { device, peers } = where;
  const tenths = Math.round(Number(percent) * 10);
  // All of them is no throw that nft would take.
  const dice = tenths < 1000 ? `numgen random mod 1000 < ${tenths}` : '';
  const rule = (hook: 'ingress' | 'egress', field: string): Rule => ({
    chain: hook,
    hook,
    match: [peers ? `ether ${field} ${macsOf(peers)}` : '', dice].filter(Boolean).join(' '),
  });
  return tableScript(
    fault,
    [
      ...(goesIn(direction) ? [rule('ingress', 'saddr')] : []),
      ...(goesOut(direction) ? [rule('egress', 'daddr')] : []),
    ],
    device,
  );
}

/** k3s' and the bare nodes' cluster-cidr. */
const PODS = '10.42.0.0/16';

/**
 * Packets longer than so many bytes vanish on the wire, and nobody is told: no ICMP comes back. `pods`: those of the pod
 * network, in Flannel's VXLAN or routed. The length is the outer one, by which a path takes a packet or does not.
 */
export function blackHoleScript(fault: string, { bytes, of }: FaultParameters, { device }: Where): TableScript {
  const long = `ip length > ${bytes}`;
  const matches =
    of === 'pods'
      ? { overlay: `udp dport 8472 ${long}`, pods: `ip saddr ${PODS} ip daddr ${PODS} ${long}` }
      : { all: long };
  const rules = (['ingress', 'egress'] as const).flatMap((hook) =>
    Object.entries(matches).map(([what, match]): Rule => ({ chain: `${hook}_${what}`, hook, match })),
  );
  return tableScript(fault, rules, device);
}

/** The machine says nothing of the address by ARP, neither asked nor unasked; whoever knows its MAC still reaches it. */
export function arpSilenceScript(fault: string, address: string, device: string): TableScript {
  const rules: readonly Rule[] = [
    { chain: 'replies', hook: 'egress', match: `arp operation reply arp saddr ip ${address}` },
    { chain: 'announcements', hook: 'egress', match: `arp saddr ip ${address} arp daddr ip ${address}` },
  ];
  return tableScript(fault, rules, device);
}

/**
 * DNS is refused to the machine and its pods, and to all that it forwards: after kube-proxy has put CoreDNS' own address
 * in place of the Service's, port 53 is still 53. Who is refused is told so, by ICMP, of which the kernel sends one a
 * second, or by a reset.
 */
export function dnsRefusedScript(fault: string): TableScript {
  const rules = (['forward', 'output'] as const).flatMap((hook): readonly Rule[] => [
    { chain: `${hook}_udp`, hook, match: 'udp dport 53', verdict: 'reject with icmpx port-unreachable' },
    { chain: `${hook}_tcp`, hook, match: 'tcp dport 53', verdict: 'reject with tcp reset' },
  ]);
  return tableScript(fault, rules);
}

/** Between connection tracking, which has given the packet an entry, and kube-proxy, which would translate it. */
const AFTER_CONNTRACK = -150;

/**
 * As when the table is full: what has an entry in it passes, what would get one is dropped. (New is not enough: a flow
 * that only ever goes one way, as VXLAN's do, stays new for ever.) The limit itself can be set by no container:
 * net.netfilter.nf_conntrack_max is the host's.
 */
export function conntrackFullScript(fault: string, { room }: FaultParameters): TableScript {
  const without = 'ct state new ct status and confirmed == 0';
  const match = room === 0 ? without : `${without} ct count over ${room}`;
  const priority = AFTER_CONNTRACK;
  return tableScript(fault, [
    { chain: 'inbound', hook: 'prerouting', match: `iifname != "lo" ${match}`, priority },
    { chain: 'outbound', hook: 'output', match: `oifname != "lo" ${match}`, priority },
  ]);
}

/** Path MTU discovery goes blind: who sends too much is not told. */
export function fragNeededScript(fault: string): TableScript {
  const match = 'icmp type destination-unreachable icmp code frag-needed';
  return tableScript(fault, [
    { chain: 'inbound', hook: 'prerouting', match },
    { chain: 'outbound', hook: 'postrouting', match },
  ]);
}
