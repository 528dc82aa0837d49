/**
 * The data plane of a node as lines that can be compared: what is read, what of it is left out, and what may differ.
 *
 * Left out is what changes by itself (counters, timers, handles, learnt neighbours). What may differ is what a cluster
 * changes for reasons of its own while a fault lasts, each with the reason; a fault of ours never writes there.
 */

const OF_INTERFACE = 'conf\\..*\\.(forwarding|rp_filter|arp_ignore|arp_announce|disable_ipv6)';
const SYSCTLS = `^net\\.(ipv[46]\\.(ip_forward|icmp_ratelimit|${OF_INTERFACE})|bridge\\.bridge-nf-call-.*)$`;

/** Name of the section and the command that reads it, in the side-car. */
export const READERS: readonly (readonly [section: string, command: string])[] = [
  ['nft', 'nft --stateless list ruleset'],
  ['iptables', 'iptables-save'],
  ['ip6tables', 'ip6tables-save'],
  ['iptables-legacy', 'iptables-legacy-save'],
  ['ip6tables-legacy', 'ip6tables-legacy-save'],
  ['link', 'ip -details -json link show'],
  ['addr', 'ip -oneline address show'],
  ['route', 'ip -4 route show table all'],
  ['route6', 'ip -6 route show table all'],
  ['rule', 'ip -4 rule show'],
  ['rule6', 'ip -6 rule show'],
  ['neigh', 'ip neighbour show nud permanent'],
  ['fdb', 'bridge fdb show'],
  ['tc', 'tc qdisc show'],
  ['sysctl', `sysctl --all --ignore --pattern '${SYSCTLS}'`],
];

/** One shell script without a variable in it: one process in the node instead of fifteen, and one instant instead of a second. */
const scriptOf = (readers: typeof READERS): string =>
  ['set -eu', ...readers.flatMap(([section, command]) => [`echo '=== ${section}'`, command])].join('\n');

export const READ_ALL: string = scriptOf(READERS);

/**
 * Where faults leave their lines and no part of k3s writes: what is read while a fault is measured. iptables, routes and
 * neighbours change by the cluster's own doing then, and take long to read.
 */
const OF_FAULTS: readonly string[] = ['nft', 'link', 'addr', 'tc'];
export const READ_FAULTS: string = scriptOf(READERS.filter(([section]) => OF_FAULTS.includes(section)));
export const isOfFaults = (line: string): boolean => OF_FAULTS.some((section) => line.startsWith(`${section}: `));

/** The lines of READ_ALL's output, each after its section, without what changes by itself. */
export function normalise(output: string): readonly string[] {
  const sections = new Map<string, string[]>();
  let lines: string[] = [];
  for (const line of output.split('\n')) {
    const begin = /^=== (\S+)$/.exec(line)?.[1];
    if (begin) sections.set(begin, (lines = []));
    else if (line.trim()) lines.push(line.trim());
  }
  return [...sections].flatMap(([section, content]) =>
    (NORMALISERS[section] ?? plain)(content).map((line) => `${section}${line}`),
  );
}

type Normaliser = (lines: readonly string[]) => readonly string[];

const VOLATILE = / (expires \S+|valid_lft \d+sec|preferred_lft \d+sec|refcnt \d+|tentative|dadfailed)/g;

const plain: Normaliser = (lines) => lines.map((line) => `: ${line.replaceAll(VOLATILE, '').replaceAll(/\s+/g, ' ')}`);

/** `*filter` ... `-A CHAIN rule` becomes ` filter: -A CHAIN rule`, without comments and counters. */
const tables: Normaliser = (lines) => {
  let table = '';
  return lines.flatMap((line) => {
    if (line.startsWith('*')) table = line.slice(1);
    if (!/^(:|-A|\[)/.test(line)) return [];
    return [` ${table}: ${line.replace(/^\[\d+:\d+\] /, '').replace(/ \[\d+:\d+\]$/, '')}`];
  });
};

/** Tables that iptables keeps in nft: iptables-save says the same of them, and more exactly. */
const OF_IPTABLES = /^table ip6? (raw|mangle|nat|filter|security) \{$/;

/** Nested blocks become one line each: `table inet x > chain in: udp dport 8472 drop`. */
const blocks: Normaliser = (lines) => {
  const path: string[] = [];
  return lines.flatMap((said) => {
    // A table with an owner has its name behind the bracket.
    const line = said.replace(/\{ # progname .*$/, '{');
    if (line.startsWith('#')) return [];
    if (line === '}') {
      path.pop();
      return [];
    }
    const begin = line.endsWith('{');
    if (begin) path.push(line);
    if (OF_IPTABLES.test(path[0] ?? '')) return [];
    const where = (begin ? path : [...path, line]).map((each) => each.replace(/ \{$/, '')).join(' > ');
    return [`: ${where.replaceAll(/ expires \S+/g, '')}`];
  });
};

interface Link {
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly qdisc?: string;
  readonly operstate: string;
  readonly master?: string;
  readonly address?: string;
  readonly linkinfo?: {
    readonly info_kind?: string;
    readonly info_data?: { id?: number; local?: string; port?: number; link?: string };
  };
}

/** Of a link, what decides where packets go; its counters of listeners and queues change with every capture. */
const links: Normaliser = (lines) =>
  (JSON.parse(lines.join('')) as readonly Link[]).map(
    ({ ifname, flags, mtu, qdisc, operstate, master, address, linkinfo }) => {
      const { info_kind: kind, info_data: data } = linkinfo ?? {};
      const above = master ? ` master ${master}` : '';
      const tunnel =
        kind === 'vxlan' ? ` id ${data?.id} local ${data?.local} port ${data?.port} over ${data?.link}` : '';
      const queue = `mtu ${mtu} qdisc ${qdisc}`;
      return `: ${ifname} ${kind ?? 'link'} <${flags.toSorted().join(',')}> ${queue} ${operstate} ${address}${above}${tunnel}`;
    },
  );

/** 01:00:5e:... and 33:33:...: groups that a socket has joined (keepalived's is 224.0.0.18), which go when its process does. */
const OF_A_SOCKET = /^(01:00:5e|33:33)\b.* self permanent$/;

/** Entries that were learnt from traffic come and go with it, and groups with the process that has joined them. */
const forwarding: Normaliser = (lines) =>
  plain(lines.filter((line) => /\b(permanent|static)\b/.test(line) && !OF_A_SOCKET.test(line.trim())));

const NORMALISERS: Readonly<Record<string, Normaliser>> = {
  nft: blocks,
  iptables: tables,
  ip6tables: tables,
  'iptables-legacy': tables,
  'ip6tables-legacy': tables,
  link: links,
  fdb: forwarding,
};

/** Label of an address that a fault put there, behind the interface: `eth0:faultline`. */
export const ADDRESS_LABEL = 'faultline';

export interface Allowance {
  readonly line: RegExp;
  readonly why: string;
}

/** Lines that may appear, go, or change while a fault lasts. Everything else is residue. */
export const ALLOWED: readonly Allowance[] = [
  {
    line: /^ip6?tables(-legacy)? (nat|filter): (:|-A )KUBE-(SVC|SVL|SEP|EXT|FW|XLB)-[A-Z0-9]{16}\b/,
    why: 'kube-proxy has chains for each Service and endpoint, and endpoints come and go',
  },
  {
    line: /^ip6?tables(-legacy)? (nat|filter): -A KUBE-(SERVICES|EXTERNAL-SERVICES|NODEPORTS|PROXY-FIREWALL) /,
    why: 'kube-proxy leads each Service into its chains, or rejects it while it has no endpoints; the chains themselves stay',
  },
  {
    line: /^ip6?tables(-legacy)? filter: (:|-A )KUBE-(POD-FW|NWPLCY)-[A-Z0-9]{16}\b/,
    why: 'the network policy controller has a chain for each pod and policy',
  },
  {
    line: /^ip6?tables(-legacy)? filter: -A KUBE-ROUTER-(INPUT|FORWARD|OUTPUT) .*-j KUBE-POD-FW-[A-Z0-9]{16}\b/,
    why: 'the network policy controller leads the packets of each pod into its chain',
  },
  {
    line: /^ip6?tables(-legacy)? nat: (:|-A )CNI-(DN-)?[0-9a-f]{16,}\b/,
    why: 'the CNI plugins have a chain for each pod that wants a port of the host',
  },
  {
    line: /^ip6?tables(-legacy)? nat: -A (CNI-HOSTPORT-DNAT|POSTROUTING) .*-j CNI-(DN-)?[0-9a-f]{16,}\b/,
    why: 'the CNI plugins lead packets for a port of the host into the chain of its pod',
  },
  {
    line: /^ip6?tables(-legacy)? (nat|filter): (:FLANNEL-(FWD|POSTRTG) |-A .*--comment "flanneld (forward|masq)")/,
    why: 'Flannel looks after its rules every 5 s, and where one is missing takes them all away and builds them anew',
  },
  {
    line: /^(link|addr|route6|fdb|tc): .*\bveth[0-9a-f]{8}\b/,
    why: 'each pod has a pair of interfaces with a random name',
  },
  {
    line: /^(link|addr|route|route6|fdb|tc): .*\bcni0\b/,
    why: 'the bridge of the pods is made when the first comes to a node, and has a carrier only while one is there',
  },
  {
    line: /^sysctl: net\.ipv[46]\.conf\.veth[0-9a-f]{8}\./,
    why: 'each pod has a pair of interfaces with a random name',
  },
  {
    line: /^(addr: .* inet|route: local) 198\.1[89]\.\d{1,3}\.2([0-4]\d|5[0-4])(\/\d+)? (?!.*:faultline)/,
    why: 'virtual addresses (.200 and up) move to another node when their holder is struck, and need not move back',
  },
];

/** What is there now and was not (`+`), or was and is not (`-`), and may not be. */
export function residue(before: readonly string[], after: readonly string[]): readonly string[] {
  const was = counted(before);
  const is = counted(after);
  const differing = [
    ...[...is.difference(was)].map((line) => `+ ${line}`),
    ...[...was.difference(is)].map((line) => `- ${line}`),
  ];
  return differing.filter((line) => !ALLOWED.some((allowance) => allowance.line.test(line.slice(2))));
}

/** The same rule twice is two lines: a doubled rule survives the removal of one of them. */
function counted(lines: readonly string[]): Set<string> {
  const seen = new Map<string, number>();
  return new Set(
    lines.map((line) => {
      const count = (seen.get(line) ?? 0) + 1;
      seen.set(line, count);
      return count === 1 ? line : `${line} (${count} times)`;
    }),
  );
}
