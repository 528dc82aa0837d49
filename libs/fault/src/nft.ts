/**
 * The nft tables of packet faults: rendered, and read back.
 *
 * `flags owner` ties the table to the process that made it: when that process ends, however it ends, the kernel removes
 * the table; until then nobody else can, not even `nft flush ruleset` (seen). Priority -300 is before connection
 * tracking and everything that kube-proxy or Flannel set up.
 */
import type { FaultParameters } from './spec.ts';

export const TABLE_PREFIX = 'faultline_';

/** Name of the table of a fault: `fault-0` is `faultline_fault_0`. */
export function tableName(fault: string): string {
  return TABLE_PREFIX + fault.replaceAll(/[^a-z0-9]/g, '_');
}

/**
 * What is on the wire of the node: before anything of the node has seen it, and after everything has. Encapsulated
 * packets are made by the node itself and pass postrouting, as do those that it forwards for its pods. By then kube-proxy
 * has put the real port of an endpoint in place of a Service's (at -100 of output and prerouting): 10.43.0.1:443 is a
 * server's 6443. Loopback is left alone, for a firewall in front of the node does not see it.
 */
const CHAINS = {
  inbound: { hook: 'prerouting', interface: 'iifname' },
  outbound: { hook: 'postrouting', interface: 'oifname' },
} as const;

type Chain = keyof typeof CHAINS;

export interface TableScript {
  readonly family: 'inet' | 'netdev';
  readonly table: string;
  /** Makes the table and its chains, which drop nothing yet. A line each, and each line is one transaction. */
  readonly prepare: readonly string[];
  /** The one transaction that puts all rules in force. Nothing takes them back: the end of the owner does. */
  readonly strike: string;
  /** The chains that hold a rule: one counter each. */
  readonly chains: readonly string[];
}

/** @param parameters checked ones, of `block-port`. */
export function blockScript(fault: string, parameters: FaultParameters): TableScript {
  const { protocol, port, direction } = parameters;
  const table = tableName(fault);
  const chains: readonly Chain[] =
    direction === 'in' ? ['inbound'] : direction === 'out' ? ['outbound'] : ['inbound', 'outbound'];
  const match = protocol === 'tcp+udp' ? `meta l4proto { tcp, udp } th dport ${port}` : `${protocol} dport ${port}`;
  return {
    family: 'inet',
    table,
    prepare: [
      `add table inet ${table} { flags owner; }`,
      ...chains.map(
        (chain) =>
          `add chain inet ${table} ${chain} { type filter hook ${CHAINS[chain].hook} priority -300; policy accept; }`,
      ),
    ],
    strike: chains
      .map((chain) => `add rule inet ${table} ${chain} ${CHAINS[chain].interface} != "lo" ${match} counter drop`)
      .join('; '),
    chains,
  };
}

/**
 * Everything that crosses the interface, whatever its protocol: family netdev has the first hook that a frame meets on
 * its way in, and the last one on its way out, ARP and encapsulated packets and raw sockets' included.
 */
export function unplugScript(fault: string, device: string): TableScript {
  const table = tableName(fault);
  const chains = ['ingress', 'egress'];
  const hook = (chain: string) => `type filter hook ${chain} device "${device}" priority -500; policy accept;`;
  return {
    family: 'netdev',
    table,
    prepare: [
      `add table netdev ${table} { flags owner; }`,
      ...chains.map((chain) => `add chain netdev ${table} ${chain} { ${hook(chain)} }`),
    ],
    strike: chains.map((chain) => `add rule netdev ${table} ${chain} counter drop`).join('; '),
    chains,
  };
}

/** Packets dropped so far by each chain that has a rule, from `nft -j list table <family> <table>`. */
export function droppedPackets(json: string): Readonly<Partial<Record<string, number>>> {
  const listing = JSON.parse(json) as {
    nftables: readonly { rule?: { chain: string; expr: readonly Expression[] } }[];
  };
  const rules = listing.nftables.flatMap(({ rule }) => (rule?.expr.some((part) => 'drop' in part) ? [rule] : []));
  return Object.fromEntries(
    rules.map(({ chain, expr }) => [chain, expr.find((part) => part.counter)?.counter?.packets ?? 0]),
  );
}

interface Expression {
  readonly counter?: { readonly packets: number };
  readonly drop?: null;
}

/** Names of the tables of ours, from `nft -j list tables`. */
export function ourTables(json: string): readonly string[] {
  const listing = JSON.parse(json) as { nftables: readonly { table?: { name: string } }[] };
  return listing.nftables.flatMap(({ table }) => (table?.name.startsWith(TABLE_PREFIX) ? [table.name] : []));
}
