/**
 * Our own images: what is in them, and what they are called.
 *
 * A tag is a hash of the recipe. Whoever changes a package, the Node version or a line of the app gets another name,
 * so an image that is there is always the right one, and nothing has to be compared or rebuilt to be sure.
 */
import { createHash } from 'node:crypto';

/**
 * `faultline/tools`: client on the LAN, side-car in a node's namespaces, and the bare node. Debian, Node, and the
 * programs that see, break and carry a network.
 */
export const TOOLS = {
  /** Raised by hand where scripts/images.ts builds the same things differently. */
  revision: 1,
  debian: 'bookworm',
  packages: [
    'arping',
    'conntrack',
    'curl',
    'ethtool',
    'fping',
    'haproxy',
    'iperf3',
    'iproute2',
    'ipset',
    'iptables',
    'iputils-ping',
    'keepalived',
    'libstdc++6', // Node's
    'nftables',
    'procps',
    'socat',
    'tcpdump',
    'tini',
    'util-linux',
    'wireguard-tools', // `wg`, which reads WireGuard's peers; --no-install-recommends leaves out its kernel packages
  ],
  /** The version that package.json pins: the probes in the image and the harness outside run on the same one. */
  node: '24.21.0',
  /** Nobody reads these in a container. */
  leftOut: ['/usr/share/doc', '/usr/share/info', '/usr/share/locale', '/usr/share/man'],
  command: ['sleep', 'infinity'],
} as const;

/** `faultline/userlist`: the app, Node, and the shared libraries that Node asks for. Nothing else: every node imports it. */
export const USERLIST = {
  revision: 1,
  command: ['/usr/local/bin/node', '/app/main.ts'],
  port: 8181,
  /** A number: Kubernetes' `runAsNonRoot` does not believe names. */
  user: 65532,
} as const;

/** Files of a folder: path within it to content. */
export type Sources = Readonly<Record<string, string>>;

export interface OwnImages {
  readonly tools: string;
  readonly userlist: string;
}

/** What the tools image of this version is called: `faultline/tools:<hash>`. */
export const toolsImage = (): string => `faultline/tools:${hashOf(TOOLS)}`;

/** What the image with this app is called: `faultline/userlist:<hash>`. */
export function userlistImage(app: Sources): string {
  const files = Object.entries(app).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `faultline/userlist:${hashOf({ ...USERLIST, node: TOOLS.node, debian: TOOLS.debian, files })}`;
}

export const ownImages = (app: Sources): OwnImages => ({ tools: toolsImage(), userlist: userlistImage(app) });

function hashOf(recipe: unknown): string {
  return createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 12);
}
