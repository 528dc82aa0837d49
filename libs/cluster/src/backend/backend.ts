/** What a Flannel backend is to Faultline: one record in one file. To add one: its file, its name in spec.ts, its line in index.ts. */
import type { Substrate } from '@faultline/history';
import type { BackendName } from '../spec.ts';
import type { Argv } from '../bare/node/config.ts';

/** A node as its neighbours' pod routes see it. */
export interface PodRoute {
  /** On the LAN. */
  readonly address: string;
  /** e.g. `10.42.1.0/24`. */
  readonly podSubnet: string;
}

export interface Backend {
  readonly name: BackendName;
  /** One sentence. */
  readonly what: string;
  readonly substrates: readonly Substrate[];
  /** Flags of `k3s server`. */
  readonly k3sFlags: readonly string[];
  /** What scenarios can ask of it, e.g. `overlay.udp-8472`: a packet filter on that port breaks it. */
  readonly features: readonly string[];
  /** Kernel features that it needs, by probeHost's names. */
  readonly needs: readonly string[];
  /** MTU of pods' interfaces on a LAN with an MTU of 1500. */
  readonly podMtu: number;
  /** On bare: the commands that set a node up to reach its neighbours' pods, as Flannel does. */
  bareSetup(node: PodRoute, neighbours: readonly PodRoute[]): readonly Argv[];
}
