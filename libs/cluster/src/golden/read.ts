/** What is on a node, as lines of line.ts: how it is read, and what of it belongs to the data plane of pods. */
import { isKubeProxyHook } from './kube-proxy.ts';
import * as write from './line.ts';
import { BRIDGE, ofPods } from './pod-network.ts';

/**
 * `wg show all dump` has two kinds of lines, wg(8): of an interface its name, private key, public key, port and mark; of a peer
 * the interface, public key, preshared key, endpoint, networks, latest handshake, bytes received and sent, and keepalive.
 * Keys that are secret do not leave the node.
 */
const WITHOUT_SECRETS = `NF == 5 { print $1 FS $3 FS $4 } NF == 9 { print $1 FS $2 FS $4 FS $5 FS $9 }`;

/** Each with the name of its section. A file or a program that a substrate does not have is an empty section. */
const READERS: readonly (readonly [section: string, command: string])[] = [
  ['link', 'ip -details -json link show'],
  ['addr', 'ip -4 -json address show'],
  ['route', 'ip -4 -details -json route show table main'],
  ['neigh', 'ip -4 -json neighbour show'],
  ['fdb', 'bridge -json fdb show'],
  ['sysctl', 'sysctl net.ipv4.ip_forward'],
  // k3s decides for itself which of the two it uses.
  ['iptables', 'iptables-save && iptables-legacy-save'],
  ['subnet.env', 'if [ -e /proc/1/root/run/flannel/subnet.env ]; then cat /proc/1/root/run/flannel/subnet.env; fi'],
  ['wg', `wg show all dump | awk -F '\\t' '${WITHOUT_SECRETS}'`],
];

/** One shell script without a variable in it, for the side-car: one instant, and one process in the node. */
export const READ_DATA_PLANE: string = [
  'set -eu',
  ...READERS.flatMap(([section, command]) => [`echo '=== ${section}'`, command]),
].join('\n');

/** @throws Error naming the section that is not there, or cannot be read. */
export function readLines(output: string): readonly string[] {
  const sections = new Map<string, readonly string[]>();
  for (const part of output.split(/^=== /m).slice(1)) {
    const [section = '', ...lines] = part.split('\n');
    sections.set(section, lines.map((line) => line.trim()).filter(Boolean));
  }
  const section = (name: string): readonly string[] => {
    const lines = sections.get(name);
    if (!lines) throw new Error(`no section "${name}" in what was read. Sections: ${[...sections.keys()].join(', ')}`);
    return lines;
  };
  // What each of them is, the reader of it says: iproute2's JSON is taken at its word.
  const json = (name: string): readonly never[] => JSON.parse(section(name).join('') || '[]') as readonly never[];
  return [
    ...links(json('link')),
    ...addresses(json('addr')),
    ...routes(json('route')),
    ...neighbours(json('neigh')),
    ...forwarding(json('fdb')),
    ...section('sysctl').map((line) => write.sysctl(...pair(line, ' = '))),
    ...rules(section('iptables')),
    ...section('subnet.env').map(write.subnetEnv),
    ...section('wg').flatMap(wireguard),
  ];
}

/** Interfaces of the overlay, whatever the backend calls them, and the bridge of the pods. */
const isOurs = (device: string | undefined): boolean => device === BRIDGE || isOverlay(device);
const isOverlay = (device: string | undefined): boolean => device?.startsWith('flannel') ?? false;

interface Link {
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly address?: string;
  readonly master?: string;
  readonly linkinfo?: {
    readonly info_kind?: string;
    readonly info_data?: {
      readonly id?: number;
      readonly port?: number;
      readonly local?: string;
      readonly link?: string;
      readonly learning?: boolean;
    };
  };
}

function links(all: readonly Link[]): readonly string[] {
  const own = all.filter(({ ifname }) => isOurs(ifname)).map(linkLine);
  const pods = all.filter(({ master }) => master === BRIDGE).map(({ mtu }) => write.podLinks(BRIDGE, mtu));
  return [...own, ...new Set(pods)];
}

function linkLine({ ifname: name, flags, mtu, address, linkinfo }: Link): string {
  const { info_kind: kind = 'link', info_data: data } = linkinfo ?? {};
  const up = flags.includes('UP');
  if (kind !== 'vxlan') return write.plainLink({ name, kind, mtu, up });
  const { id = 0, port = 0, local = 'none', link: over = 'none', learning = false } = data ?? {};
  return write.vxlanLink({ name, id, port, local, over, learning, mac: address ?? 'none', mtu, up });
}

interface Addressed {
  readonly ifname: string;
  readonly addr_info: readonly { readonly family: string; readonly local: string; readonly prefixlen: number }[];
}

const addresses = (all: readonly Addressed[]): readonly string[] =>
  all
    .filter(({ ifname }) => isOurs(ifname))
    .flatMap(({ ifname, addr_info: info }) =>
      info.map(({ local, prefixlen }) => write.address(ifname, `${local}/${prefixlen}`)),
    );

interface Routed {
  readonly type?: string;
  readonly dst: string;
  readonly gateway?: string;
  readonly dev?: string;
  readonly prefsrc?: string;
  readonly metric?: number;
  readonly flags?: readonly string[];
}

const routes = (all: readonly Routed[]): readonly string[] =>
  all
    .filter(({ dst, dev }) => ofPods(dst) || isOurs(dev))
    .map(({ type, dst: to, gateway: via, dev: device, prefsrc: source, metric, flags = [] }) =>
      write.route({ to, via, device, source, metric, type, onlink: flags.includes('onlink') }),
    );

interface Neighbour {
  readonly dst: string;
  readonly dev: string;
  readonly lladdr?: string;
  readonly state: readonly string[];
}

/** One without a MAC was asked for and not found: it leads nowhere. */
const neighbours = (all: readonly Neighbour[]): readonly string[] =>
  all.flatMap(({ dst, dev, lladdr, state }) =>
    isOverlay(dev) && lladdr ? write.neighbour(dst, dev, lladdr, state.join(',').toLowerCase()) : [],
  );

interface Forwarded {
  readonly mac: string;
  readonly ifname: string;
  readonly dst?: string;
  readonly state?: string;
}

const forwarding = (all: readonly Forwarded[]): readonly string[] =>
  all
    .filter(({ ifname }) => isOverlay(ifname))
    .map(({ mac, ifname, dst, state }) => write.forwarding(mac, ifname, dst ?? 'none', state || 'learnt'));

/** Of iptables-save, what is Flannel's: its chains, and what leads into them; and what leads into kube-proxy's. */
function rules(lines: readonly string[]): readonly string[] {
  let table = '';
  return lines.flatMap((line) => {
    if (line.startsWith('*')) table = line.slice(1);
    if (isKubeProxyHook(line)) return write.hook(table, line);
    return line.startsWith('-A ') && /\bFLANNEL-|"flanneld /.test(line) ? write.rule(table, line) : [];
  });
}

/** A line of WITHOUT_SECRETS. */
function wireguard(line: string): readonly string[] {
  const [device = '', key = '', third = '', allowed, keepalive = 'off'] = line.split('\t');
  if (!isOverlay(device)) return [];
  if (allowed === undefined) return [write.wireguardDevice(device, key, third)];
  return [write.wireguardPeer({ device, key, endpoint: third, allowed, keepalive })];
}

function pair(line: string, between: string): [string, string] {
  const at = line.indexOf(between);
  return [line.slice(0, at), line.slice(at + between.length)];
}
