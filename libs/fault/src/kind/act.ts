/** What every kind of fault can do. It acts on one machine; the session does the rest. */
import type { Commander, Engine } from '@faultline/control';
import type { Cluster, ClusterNode } from '@faultline/cluster';
import type { Intent } from '../ledger/entry.ts';
import type { Machine } from '../peers.ts';
import type { FaultParameters, FaultPlan } from '../spec.ts';

/** What can be said of a fault at any time, without disturbing what it does. */
export interface Glance {
  /** Read back from the kernel or the engine, not remembered. */
  readonly state: boolean;
  /** As the kernel numbers it: the same text under another number was taken away and made again. */
  readonly identity?: string;
  /** Packets that it acted on so far. */
  readonly acted?: number;
  readonly detail: string;
}

export interface Proof {
  /** Read back from the kernel, the engine or Kubernetes, not remembered. */
  readonly state: boolean;
  /** Seen to act; null: not asked, or it cannot be seen from here, and the detail says why. */
  readonly effect: boolean | null;
  readonly detail: string;
}

/** What of a cluster a session needs. */
export type SceneCluster = Pick<Cluster, 'substrate' | 'nodes' | 'balancers' | 'client' | 'virtualAddress'>;

export interface Scene {
  readonly engine: Engine;
  readonly plan: FaultPlan;
  readonly node: ClusterNode;
  /** A container on the LAN that is not the node: who answers there is asked from it. */
  readonly witness: Commander | undefined;
  /** The virtual address that clients use; undefined where there is none, or no cluster was given. */
  readonly address: string | undefined;
  /** Everybody on the LAN: nodes, balancers, the client. */
  readonly machines: readonly Machine[];
  /** Names of all that the fault is done to. */
  readonly struck: readonly string[];
  /** Containers of the k3s servers, by which Kubernetes is asked, the struck one last; empty on bare. */
  readonly servers: readonly string[];
  readonly signal: AbortSignal;
}

/** A fault that is ready to be done to one node. Disposing leaves nothing of it, struck or not. */
export interface Prepared extends AsyncDisposable {
  /** The deed, and nothing else: how long it takes is the uncertainty of every time derived from it. */
  strike(): Promise<void>;
  prove(signal: AbortSignal): Promise<Proof>;
  /** Asked while it is measured, so it takes milliseconds and no second; without it the kind is asked at the end only. */
  look?(signal: AbortSignal): Promise<Glance>;
  /** Undoes it. May be asked again. Knows no signal: healing is never cut short, but has its own deadlines. */
  heal(): Promise<void>;
  /** Reads back that it is gone. */
  proveGone(): Promise<Proof>;
}

export interface Act {
  /** Whether healing leaves the same data plane: a node that was started again has a new one, which is not compared. */
  readonly keepsDataPlane: boolean;
  /**
   * Looks, and changes nothing: what undoing must know and only the machine can say goes to the ledger before the deed.
   * @throws Error where the fault makes no sense here, with the reason.
   */
  survey?(scene: Scene): Promise<FaultParameters>;
  /**
   * The lines that it adds to the data plane of the machine (as `normalise` has them), computed from the plan: it is held
   * against what is there, line by line. Without it only `prove` says what is in force.
   */
  footprint?(scene: Scene): Promise<readonly string[]>;
  /**
   * Everything that takes time and that traffic cannot see.
   * @param memory what the survey saw.
   */
  prepare(scene: Scene, memory: FaultParameters): Promise<Prepared>;
  /**
   * Undoes it by the ledger alone, for whoever did it is dead: idempotent, and says what it did.
   * @param intent names containers; they are known to be of the ledger's run.
   */
  undo(engine: Engine, intent: Intent): Promise<string>;
}
