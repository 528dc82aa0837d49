/** What a check may do to a cluster, and what it sees. Made for one question: what was applied is gone afterwards. */
import type { Cluster, ClusterNode } from '@faultline/cluster';
import type { Commander } from '@faultline/control';

/** A Kubernetes object, as it is applied. */
export type KubeObject = Readonly<Record<string, unknown>> & {
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>> & { readonly name: string };
};

export interface Answer {
  /** `000`: none came. */
  readonly status: string;
  readonly body: string;
  /** Of the answer, lower case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly seconds: number;
}

export interface AskOptions {
  /** Who asks; the client on the LAN unless told. */
  readonly from?: Commander | Where;
  readonly headers?: Readonly<Record<string, string>>;
  /** Seconds; 2 unless told. */
  readonly within?: number;
  /** More words for curl, e.g. `--insecure`. */
  readonly curl?: readonly string[];
}

/** A place to run a command in: a node's side-car, or a pod's network namespace seen from it. */
export interface Where {
  readonly at: Commander;
  /** As in workload's Endpoint; undefined: the node's own. */
  readonly netns?: string;
}

export interface PodPlace {
  readonly name: string;
  readonly node: string;
  readonly address: string;
  readonly where: Where;
}

export interface Rig {
  readonly cluster: Cluster;
  /** e.g. `v1.33.3+k3s1`. */
  readonly release: string;
  readonly signal: AbortSignal;
  /** A namespace of its own, gone afterwards. */
  readonly namespace: string;
  /** Of a Service of type LoadBalancer, or a hostPort: no question before this one had it. */
  readonly port: number;
  /** A name for an object outside that namespace: no question before this one had it. */
  readonly name: string;
  /** The image of userlist, with which checks make pods. */
  readonly app: string;
  readonly server: ClusterNode;
  kubectl(...words: readonly string[]): Promise<string>;
  /** The same, whatever its exit code: standard output and error together. */
  said(...words: readonly string[]): Promise<{ readonly exitCode: number; readonly text: string }>;
  list<T>(...words: readonly string[]): Promise<readonly T[]>;
  /** Applies objects, by kubectl; they are deleted afterwards. Without a namespace they get the rig's. */
  apply(...objects: readonly KubeObject[]): Promise<void>;
  /** Pods of userlist called like this, one on each of these nodes, ready. */
  pods(name: string, nodes: readonly string[], labels?: Readonly<Record<string, string>>): Promise<readonly PodPlace[]>;
  /** The pods that `kubectl get pods` lists with these words, when they are ready. */
  places(...which: readonly string[]): Promise<readonly PodPlace[]>;
  /** By name. @throws Error where there is none */
  node(name: string): ClusterNode;
  asked(url: string, options?: AskOptions): Promise<Answer>;
  /** Runs a command of the tools image at a place. */
  exec(where: Where, argv: readonly string[], input?: string): Promise<string>;
  /** What the address resolves to for whoever is at this place, asked of the cluster's DNS. */
  resolved(where: Where, name: string, type?: string): Promise<readonly string[]>;
  /** Asks until it is so. @throws DeadlineError saying what was last seen. */
  until<T>(what: string, withinMs: number, ask: () => Promise<T>, isSo: (seen: T) => boolean): Promise<T>;
  /** For what must not happen: looks until the time is over. */
  watch(ms: number): Promise<void>;
  /** Undone before the next question, last first. */
  defer(undo: () => Promise<unknown>): void;
}
