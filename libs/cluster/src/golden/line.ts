/**
 * The lines in which a data plane is written down. What must be there and what is there are written by the same functions,
 * so that they can be compared as text, and a line that differs can be read by people.
 */

export interface VxlanLink {
  readonly name: string;
  readonly id: number;
  readonly port: number;
  readonly local: string;
  readonly over: string;
  readonly learning: boolean;
  readonly mac: string;
  readonly mtu: number;
  readonly up: boolean;
}

const isUp = (up: boolean): string => (up ? 'up' : 'down');

export const vxlanLink = ({ name, id, port, local, over, learning, mac, mtu, up }: VxlanLink): string =>
  `link ${name} vxlan id ${id} port ${port} local ${local} over ${over} ${learning ? 'learning' : 'nolearning'} ` +
  `mac ${mac} mtu ${mtu} ${isUp(up)}`;

export const plainLink = (link: Pick<VxlanLink, 'name' | 'mtu' | 'up'> & { readonly kind: string }): string =>
  `link ${link.name} ${link.kind} mtu ${link.mtu} ${isUp(link.up)}`;

/** The ends of all pods on the bridge that have this MTU: their names are random. */
export const podLinks = (bridge: string, mtu: number): string => `pods on ${bridge} mtu ${mtu}`;

export const address = (device: string, prefix: string): string => `address ${device} ${prefix}`;

export const neighbour = (of: string, device: string, mac: string, state = 'permanent'): string =>
  `neighbour ${of} dev ${device} lladdr ${mac} ${state}`;

export const forwarding = (mac: string, device: string, destination: string, state = 'permanent'): string =>
  `fdb ${mac} dev ${device} dst ${destination} ${state}`;

export interface Route {
  readonly to: string;
  readonly via?: string | undefined;
  readonly device?: string | undefined;
  readonly onlink?: boolean;
  readonly source?: string | undefined;
  readonly metric?: number | undefined;
  /** `unreachable`, where it is no way but the lack of one. */
  readonly type?: string | undefined;
}

export const route = ({ to, via, device, onlink, source, metric, type = 'unicast' }: Route): string =>
  [
    'route',
    ...(type === 'unicast' ? [] : [type]),
    to,
    ...(via === undefined ? [] : ['via', via]),
    ...(device === undefined ? [] : ['dev', device]),
    ...(source === undefined ? [] : ['src', source]),
    ...(metric === undefined ? [] : ['metric', String(metric)]),
    ...(onlink ? ['onlink'] : []),
  ].join(' ');

/** As iptables-save writes it, with its table before. */
export const rule = (table: string, text: string): string => `iptables ${table} ${text}`;

/** A rule of kube-proxy's, which puts its own before all others whenever it finds one missing: their order says nothing. */
export const hook = (table: string, text: string): string => `kube-proxy ${table} ${text}`;

export const sysctl = (name: string, value: string): string => `sysctl ${name}=${value}`;

/** Of /run/flannel/subnet.env, by which the CNI plugin makes the bridge and gives pods their addresses. */
export const subnetEnv = (assignment: string): string => `subnet.env ${assignment}`;

export const wireguardDevice = (device: string, key: string, port: number | string): string =>
  `wireguard ${device} key ${key} port ${port}`;

export interface WireguardPeer {
  readonly device: string;
  readonly key: string;
  readonly endpoint: string;
  readonly allowed: string;
  /** Seconds, or `off`. */
  readonly keepalive: number | string;
}

export const wireguardPeer = ({ device, key, endpoint, allowed, keepalive }: WireguardPeer): string =>
  `peer ${key} dev ${device} endpoint ${endpoint} allowed ${allowed} keepalive ${keepalive}`;
