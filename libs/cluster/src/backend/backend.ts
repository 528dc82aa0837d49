/** What a Flannel backend is to Faultline: one record in one file. To add one: its file, its name in spec.ts, its line in index.ts. */
import type { FileToCopy } from '@faultline/control';
import type { Substrate } from '@faultline/history';
import type { BackendName } from '../spec.ts';
import type { Argv } from '../bare/node/config.ts';

/** Where Flannel's own configuration lies in a k3s node, for backends that need it. */
export const FLANNEL_CONF = '/etc/rancher/faultline/net-conf.json';

/** A node as its neighbours' pod routes see it. */
export interface PodRoute {
  /** On the LAN. */
  readonly address: string;
  /** e.g. `10.42.1.0/24`. */
  readonly podSubnet: string;
}

/** A node as the data planes of its neighbours should know it. */
export interface Peer extends PodRoute {
  readonly name: string;
  /** MAC of its VXLAN interface, lower case; null where it has none. */
  readonly vtepMac: string | null;
  /** WireGuard's; null where it has none. */
  readonly publicKey: string | null;
}

export interface Backend {
  readonly name: BackendName;
  /** One sentence. */
  readonly what: string;
  readonly substrates: readonly Substrate[];
  /** Flags of `k3s server`. */
  readonly k3sFlags: readonly string[];
  /** Flags of every k3s node, and the files that they name. */
  readonly nodeFlags: readonly string[];
  readonly nodeFiles: readonly FileToCopy[];
  /** What scenarios can ask of it, e.g. `overlay.udp-8472`: a packet filter on that port breaks it. */
  readonly features: readonly string[];
  /** Kernel features that it needs, by probeHost's names. */
  readonly needs: readonly string[];
  /** MTU of pods' interfaces on a LAN with an MTU of 1500. */
  readonly podMtu: number;
  /** On bare: the commands that set a node up to reach its neighbours' pods, as Flannel does. */
  bareSetup(node: PodRoute, neighbours: readonly PodRoute[]): readonly Argv[];
  /**
   * What a node must hold to reach its neighbours' pods, as lines of golden/line.ts: every link, address, entry and route.
   * Null: nobody knows, because a CNI of the user's own programs it.
   */
  golden(node: Peer, neighbours: readonly Peer[]): readonly string[] | null;
}
