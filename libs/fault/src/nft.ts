/**
 * The nft tables of packet faults: rendered, and read back.
 *
 * `flags owner` ties the table to the process that made it: when that process ends, however it ends, the kernel removes
 * the table; until then nobody else can, not even `nft flush ruleset` (seen). Priority -300 is before connection
 * tracking and everything that kube-proxy or Flannel set up.
 */
import type { Machine } from './peers.ts';
import { portRanges } from './ports.ts';
import type { FaultParameters } from './spec.ts';

export const TABLE_PREFIX = 'faultline_';

/** Name of the table of a fault: `fault-0` is `faultline_fault_0`. */
export function tableName(fault: string): string {
  return TABLE_PREFIX + fault.replaceAll(/[^a-z0-9]/g, '_');
}

/** A rule, in a chain of its own: each has its counter, and none can be missing without being missed. */
export interface Rule {
  readonly chain: string;
  readonly hook: 'prerouting' | 'postrouting' | 'forward' | 'output' | 'ingress' | 'egress';
  /** What it matches, as nft writes it. */
  readonly match: string;
  /** `drop` unless told. */
  readonly verdict?: string;
  /** -300 unless told, -500 on an interface. */
  readonly priority?: number;
}

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

/** @param device the interface whose hooks they are; without it they are those of the machine's IP. */
export function tableScript(fault: string, rules: readonly Rule[], device?: string): TableScript {
  const table = tableName(fault);
  const family = device === undefined ? 'inet' : 'netdev';
  const on = device === undefined ? '' : ` device "${device}"`;
  const chainOf = ({ chain, hook, priority = device === undefined ? -300 : -500 }: Rule) =>
    `add chain ${family} ${table} ${chain} { type filter hook ${hook}${on} priority ${priority}; policy accept; }`;
  const ruleOf = ({ chain, match, verdict = 'drop' }: Rule) =>
    ['add rule', family, table, chain, match, 'counter', verdict].filter(Boolean).join(' ');
  return {
    family,
    table,
    prepare: [`add table ${family} ${table} { flags owner; }`, ...rules.map(chainOf)],
    strike: rules.map(ruleOf).join('; '),
    chains: rules.map(({ chain }) => chain),
  };
}

export interface Where {
  /** The LAN interface. */
  readonly device: string;
  /** Only what is exchanged with them; undefined: with anyone. */
  readonly peers: readonly Machine[] | undefined;
}

export type Direction = 'in' | 'out' | 'both';

export const goesIn = (direction: unknown): boolean => direction !== 'out';
export const goesOut = (direction: unknown): boolean => direction !== 'in';

/** One or several, as nft writes them. */
export const oneOf = (values: readonly string[]): string =>
  values.length === 1 ? (values[0] ?? '') : `{ ${values.join(', ')} }`;

/**
 * What is on the wire of the node: before anything of the node has seen it, and after everything has. Encapsulated
 * packets are made by the node itself and pass postrouting, as do those that it forwards for its pods. By then kube-proxy
 * has put the real port of an endpoint in place of a Service's (at -100 of output and prerouting): 10.43.0.1:443 is a
 * server's 6443. Only what comes or goes by the LAN: a firewall in front of the node sees neither loopback nor what its pods say to it,
 * and the answers of its pods come in by their bridge, to ports that clients were given by chance (one in 23 is a NodePort's: seen).
 * @param parameters checked ones, of `block-port`.
 */
export function blockScript(fault: string, parameters: FaultParameters, { device, peers }: Where): TableScript {
  const { protocol, port, direction } = parameters;
  const ports = oneOf(portRanges(port));
  const match = protocol === 'tcp+udp' ? `meta l4proto { tcp, udp } th dport ${ports}` : `${protocol} dport ${ports}`;
  const only = (field: string) => (peers ? ` ip ${field} ${oneOf(peers.map(({ address }) => address))}` : '');
  const inbound: Rule = {
    chain: 'inbound',
    hook: 'prerouting',
    match: `iifname "${device}" ${match}${only('saddr')}`,
  };
  const outbound: Rule = {
    chain: 'outbound',
    hook: 'postrouting',
    match: `oifname "${device}" ${match}${only('daddr')}`,
  };
  return tableScript(fault, [...(goesIn(direction) ? [inbound] : []), ...(goesOut(direction) ? [outbound] : [])]);
}

/**
 * Everything that crosses the interface, whatever its protocol: family netdev has the first hook that a frame meets on
 * its way in, and the last one on its way out, ARP and encapsulated packets and raw sockets' included.
 */
export function unplugScript(fault: string, device: string): TableScript {
  const all = (hook: 'ingress' | 'egress'): Rule => ({ chain: hook, hook, match: '' });
  return tableScript(fault, [all('ingress'), all('egress')], device);
}

/**
 * Packets dropped, or refused, so far by each chain that has a rule, from `nft --handle list table <family> <table>`.
 *
 * From its text, for nft 1.0.6 writes what happens to lie in its memory into the JSON of a table with an owner, and ends
 * in the middle where that is no text (seen).
 */
export function droppedPackets(listing: string): Readonly<Partial<Record<string, number>>> {
  let chain = '';
  const counts = listing.split('\n').flatMap((line): readonly (readonly [string, number])[] => {
    chain = /^\s*chain (\S+) \{/.exec(line)?.[1] ?? chain;
    const packets = /\bcounter packets (\d+) bytes \d+ (?:drop|reject)\b/.exec(line)?.[1];
    return packets === undefined ? [] : [[chain, Number(packets)]];
  });
  return Object.fromEntries(counts);
}

/** Names of the tables of ours, from `nft list tables`. */
export function ourTables(listing: string): readonly string[] {
  return [...listing.matchAll(/^table \w+ (\S+)$/gm)].flatMap(([, name = '']) =>
    name.startsWith(TABLE_PREFIX) ? [name] : [],
  );
}
