/**
 * Every event that a run can write, as one discriminated union.
 *
 * The history is the only truth of a run: the live view, the verdict and the report are readers of it. An event is
 * written once and never changed. When the shape of one changes, raise HISTORY_VERSION and write the upgrade in
 * `upgrade.ts`, so that an old run can always be judged again.
 */
import type { Nanoseconds } from './clock.ts';

export const HISTORY_VERSION = 1;

export type Substrate = 'k3s' | 'bare';

/** One point of a scenario's matrix: the value of each factor, e.g. `{ backend: 'vxlan', loadBalancer: 'servicelb' }`. */
export type Cell = Readonly<Record<string, string>>;

export const PHASES = ['boot', 'deploy', 'steady', 'measure', 'settle', 'collect', 'teardown'] as const;
export type Phase = (typeof PHASES)[number];

/** What a client saw, by class. Everything but `ok` is a loss. `late` is the prober's own fault: the sample was never sent. */
export const SAMPLE_CLASSES = [
  'ok',
  'timeout',
  'refused',
  'no-route',
  'reset',
  'http-404',
  'http-502',
  'http-503',
  'http-504',
  'wrong-answer',
  'other',
  'late',
] as const;
export type SampleClass = (typeof SAMPLE_CLASSES)[number];

/** The layers of the timeline, lowest first. */
export const LAYERS = ['arp', 'icmp', 'udp', 'tcp', 'http', 'stream', 'dns', 'pod', 'control'] as const;
export type Layer = (typeof LAYERS)[number];

export interface ProbeDescription {
  /** Unique in the run; what checks and reports call it, e.g. `edge-http-new`. */
  readonly name: string;
  readonly layer: Layer;
  /** What one sample is, for people: "HTTP GET /users on a new connection". */
  readonly what: string;
  readonly from: string;
  readonly to: string;
  /** Samples a second, on an absolute schedule. 0: passive. */
  readonly rateHz: number;
  readonly timeoutMs: number;
}

/**
 * One sample: sequence number, intended time, time it was really sent, duration until its outcome (ns), class, and
 * who answered (`pod@node`, a MAC address, or null).
 */
export type SampleRow = readonly [
  sequence: number,
  intended: Nanoseconds,
  sent: Nanoseconds,
  duration: Nanoseconds,
  result: SampleClass,
  answeredBy: string | null,
];

/** Quantiles of one probe's own lateness (sent - intended), in nanoseconds. */
export interface Lateness {
  readonly count: number;
  readonly p50: Nanoseconds;
  readonly p99: Nanoseconds;
  readonly max: Nanoseconds;
}

/** What is asked of every ordered pair of nodes in a sweep. `pod-pod-large`: an answer larger than any MTU on the way. */
export const REACH_PATHS = [
  'pod-pod',
  'pod-pod-large',
  'pod-service',
  'pod-node',
  'node-pod',
  'node-service',
  'dns',
] as const;
export type ReachPath = (typeof REACH_PATHS)[number];

/** One cell of a sweep. */
export interface ReachCell {
  readonly path: ReachPath;
  /** Names of nodes. `dns`: `to` is a node that runs the cluster's DNS. */
  readonly from: string;
  readonly to: string;
  /** How often it was asked, and how often no good answer came. */
  readonly asked: number;
  readonly lost: number;
  /** Whether the one asked saw the asker's own address (no NAT); null where it does not say. */
  readonly sourceKept: boolean | null;
  /** The last error, or empty. */
  readonly detail: string;
}

/** What an upgrade does, in this order; the last two only where it is rolled back. */
export const UPGRADE_STEPS = ['old', 'beside', 'upgrade', 'after', 'rollback', 'back'] as const;
export type UpgradeStep = (typeof UPGRADE_STEPS)[number];

interface FaultSpan {
  readonly fault: string;
  readonly edge: 'begin' | 'end';
  readonly kind: string;
  readonly nodes: readonly string[];
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  readonly error?: string;
}

export type RunEvent =
  | {
      readonly type: 'run.begin';
      readonly version: number;
      readonly run: string;
      readonly scenario: string;
      readonly cell: Cell;
      readonly substrate: Substrate;
      /** Why this substrate and no other. */
      readonly substrateReason: string;
      readonly seed: number;
      /** The exact command that repeats this run. */
      readonly command: string;
      readonly commit: string | null;
      readonly dirty: boolean;
      /** One of several on the same cluster: the id of the set, which one (from 1), and of how many. */
      readonly repeat?: { readonly set: string; readonly index: number; readonly of: number };
      /** k3s, engine, kernel, node, faultline. */
      readonly versions: Readonly<Record<string, string>>;
    }
  | { readonly type: 'run.end'; readonly outcome: 'completed' | 'interrupted' | 'failed'; readonly error?: string }
  | { readonly type: 'phase'; readonly phase: Phase; readonly edge: 'begin' | 'end'; readonly error?: string }
  /** A stage of the bring-up or the deployment was reached, e.g. `api-answers`, `nodes-ready`, `first-200`. */
  | { readonly type: 'stage'; readonly name: string; readonly node?: string; readonly detail?: string }
  | { readonly type: 'probe.begin'; readonly probe: ProbeDescription }
  | { readonly type: 'samples'; readonly probe: string; readonly rows: readonly SampleRow[] }
  | {
      readonly type: 'probe.end';
      readonly probe: string;
      readonly sent: number;
      readonly lateness: Lateness;
      /** Latency of the good samples, HdrHistogram V2 compressed base64, in microseconds. */
      readonly latency: string;
    }
  /** Who is who on the LAN, once it is up: what a reader of ARP packets needs. */
  | {
      readonly type: 'lan';
      readonly subnet: string;
      /** k3s nodes and, where there are, the balancers outside the cluster. */
      readonly machines: readonly {
        readonly name: string;
        readonly role: 'server' | 'agent' | 'balancer';
        readonly address: string;
        readonly mac: string;
      }[];
      /** What load balancers may give out, first and last; null where nodes' own addresses are announced. */
      readonly pool: readonly [first: string, last: string] | null;
      readonly virtualAddress: string | null;
    }
  /** Which load balancers' components run in the cluster: the wanted one, and no other. */
  | { readonly type: 'inventory'; readonly loadBalancers: readonly string[]; readonly detail: string }
  /** The client's neighbour table changed: whom its kernel sends packets for the address to. `time` on the run's clock. */
  | {
      readonly type: 'neighbour';
      readonly time: Nanoseconds;
      readonly address: string;
      /** Lower case; null while it is not known. */
      readonly mac: string | null;
      /** As the kernel says it: REACHABLE, STALE, DELAY, PROBE, INCOMPLETE, FAILED; GONE when the entry was removed. */
      readonly state: string;
      readonly node: string | null;
    }
  /** What became of a long-lived stream's connection: it was reset or closed, or given up after a silence (a black hole). */
  | {
      readonly type: 'stream';
      readonly probe: string;
      readonly time: Nanoseconds;
      /** Number of the connection, from 1. */
      readonly connection: number;
      readonly what: 'opened' | 'reset' | 'closed' | 'abandoned';
      readonly detail: string;
    }
  /** An ARP packet seen on the LAN by capture. `time` is when the packet passed, on the run's clock. */
  | {
      readonly type: 'arp';
      readonly time: Nanoseconds;
      readonly operation: 'request' | 'reply';
      readonly gratuitous: boolean;
      readonly senderMac: string;
      readonly senderAddress: string;
      readonly targetAddress: string;
      /** The node whose MAC it is, where it is one of ours. */
      readonly node: string | null;
    }
  /** A change seen by a watch of the control plane. */
  | {
      readonly type: 'watch';
      readonly kind: 'Node' | 'EndpointSlice' | 'Service' | 'Lease' | 'Event' | 'Pod' | 'ServiceL2Status';
      readonly verb: 'ADDED' | 'MODIFIED' | 'DELETED';
      readonly namespace: string | null;
      readonly name: string;
      /** What matters of the object: `{ ready: 'False' }`, `{ readyEndpoints: 2 }`, `{ holder: .. }`. */
      readonly summary: Readonly<Record<string, string | number | boolean | null>>;
    }
  /** A selector was resolved, at injection time. */
  | {
      readonly type: 'target';
      readonly fault: string;
      readonly selector: string;
      readonly nodes: readonly string[];
      readonly why: string;
    }
  /** A fault is *becoming* active between begin and end, and is in force after end: times derived from it are intervals. */
  | (FaultSpan & { readonly type: 'fault.inject' })
  | (FaultSpan & { readonly type: 'fault.heal' })
  /** The proof that a fault bit (when: injected) or is gone (when: healed). `state`: read back; `effect`: seen to act. */
  | {
      readonly type: 'fault.prove';
      readonly fault: string;
      readonly when: 'injected' | 'healed';
      readonly state: boolean;
      readonly effect: boolean | null;
      readonly detail: string;
    }
  /**
   * A look at a fault, by the session and not by its injector: right after the injection, in between, at the end (of every
   * machine), and after healing. Nothing in it is remembered: each is asked of the kernel anew.
   */
  | {
      readonly type: 'fault.look';
      readonly fault: string;
      readonly when: 'injected' | 'between' | 'end' | 'healed';
      /** Null: the kind cannot be asked without disturbing what is measured, and is asked at the end only. */
      readonly state: boolean | null;
      /** How many lines of the data plane the plan comes to, on all struck machines; null: the kind leaves none. */
      readonly planned: number | null;
      /** What is there and should not be (`+`), or should be and is not (`-`), after its machine. Empty: exactly as planned. */
      readonly differs: readonly string[];
      /** Of each struck machine, how its kernel numbers what is in force: another number is another thing of the same text. */
      readonly identity: Readonly<Record<string, string>>;
      /** Of each struck machine that counts: packets acted on so far. */
      readonly acted: Readonly<Record<string, number>>;
      /** The control: machines that the fault must leave alone, and whether they answered the client just then. */
      readonly alive: readonly string[];
      readonly dead: readonly string[];
      readonly detail: string;
    }
  /**
   * The data plane of a node, compared with what its backend should have programmed there, computed from the cluster's own
   * facts. `checked`: how many lines were expected.
   */
  | {
      readonly type: 'golden';
      readonly node: string;
      readonly when: 'booted' | 'healed';
      readonly backend: string;
      readonly checked: number;
      readonly missing: readonly string[];
      readonly extra: readonly string[];
    }
  /** Who reaches whom, asked once for every ordered pair of nodes: before the fault, while it is in force, after healing. */
  | { readonly type: 'sweep'; readonly when: 'before' | 'during' | 'after'; readonly cells: readonly ReachCell[] }
  /** The data plane after healing, compared with the snapshot before: every line that differs beyond the allow-list. */
  | { readonly type: 'dataplane'; readonly node: string; readonly residue: readonly string[] }
  /** What a node's processes ran while it was measured, and how long they waited for a processor; of all their threads, added up. */
  | { readonly type: 'cpu'; readonly node: string; readonly ranMs: number; readonly waitedMs: number }
  /** Steady state, before the fault (gate) or after settling. */
  | { readonly type: 'steady'; readonly when: 'before' | 'after'; readonly ok: boolean; readonly detail: string }
  | {
      readonly type: 'upgrade.step';
      readonly step: UpgradeStep;
      readonly edge: 'begin' | 'end';
      readonly detail?: string;
    }
  /** A node is away from begin to end: its container is replaced by one of another release, and its pods come back. */
  | {
      readonly type: 'upgrade.node';
      readonly node: string;
      readonly edge: 'begin' | 'end';
      readonly from: string;
      readonly to: string;
      readonly error?: string;
    }
  /** What one assertion saw of the Traefik of a step; `asExpected` null: nothing was expected but that it stays as it was. */
  | {
      readonly type: 'upgrade.asked';
      readonly step: UpgradeStep;
      readonly case: string;
      readonly what: string;
      readonly saw: string;
      /** Of every answer; 0: there was none. */
      readonly statuses: readonly number[];
      readonly asExpected: boolean | null;
    }
  /** What a Helm job of Traefik has come to; written when that changes. */
  | {
      readonly type: 'upgrade.helm';
      readonly job: string;
      /** e.g. `traefik-34.2.1+up34.2.0.tgz`. */
      readonly chart: string;
      readonly attempts: number;
      readonly state: 'waiting' | 'running' | 'failing' | 'complete';
      readonly node: string | null;
      readonly detail: string;
    }
  /** How many ready pods of Traefik there are of each version; written when that changes. */
  | { readonly type: 'upgrade.traefik'; readonly ready: Readonly<Record<string, number>> }
  /** The identity of Traefik's Service. `nodePorts`: by the port's name. */
  | {
      readonly type: 'upgrade.service';
      readonly step: UpgradeStep;
      readonly uid: string;
      readonly clusterIP: string;
      readonly nodePorts: Readonly<Record<string, number>>;
      readonly addresses: readonly string[];
    }
  /** What lint says of the objects of a case, before anything is done. */
  | {
      readonly type: 'upgrade.predicted';
      readonly case: string;
      readonly rule: string;
      readonly severity: 'breaks' | 'changes' | 'warns';
      readonly object: string;
      readonly path: string;
      readonly message: string;
    }
  /** What the old Traefik and the one beside it make of the same objects: how many routers, and each line that differs. */
  | {
      readonly type: 'upgrade.routers';
      readonly old: number;
      readonly beside: number;
      readonly differs: readonly string[];
    }
  /** One thing of a captured cluster beside the same of the one that replays it; `now` null: it is not there. */
  | {
      readonly type: 'replay.compared';
      /** `Endpoints shop/web`, `object Service shop/web`. */
      readonly what: string;
      readonly captured: string;
      readonly now: string | null;
    }
  /** What a route of the captured cluster answers in the replay; the captured one was asked nothing. */
  | {
      readonly type: 'replay.asked';
      /** `Ingress shop/web`. */
      readonly route: string;
      /** `GET http://shop.test/`. */
      readonly request: string;
      /** The status; 0: there was no answer, and `error` says why. */
      readonly status: number;
      readonly error: string;
    }
  | { readonly type: 'note'; readonly level: 'info' | 'warning'; readonly text: string };

/** An event as it stands in the history: with its place, its time on the run's clock, and the wall time. */
export type Stamped<E extends RunEvent = RunEvent> = E & {
  readonly seq: number;
  readonly at: Nanoseconds;
  readonly wall: string;
};

export type EventOf<T extends RunEvent['type']> = Stamped<Extract<RunEvent, { type: T }>>;
