/** A fault as data, as it stands in a plan: which disturbance, with which parameters. Its targets are resolved when it is injected. */

/**
 * Which machine, resolved at injection time:
 * - `announcer`: the one that answers for the address that clients use;
 * - `bystander`: one that could announce that address, and does not;
 * - `agent` / `server` / `balancer` with an index; a balancer is a machine in front of the cluster;
 * - `endpoint`: a node that runs an endpoint of the app, and neither the Ingress controller, nor announces the clients' address;
 * - `ingress`: a node, and no server, that runs the Ingress controller;
 * - `nodes`: every node; `named`: those named, all at once.
 */
export type Selector =
  | { readonly select: 'announcer' | 'bystander' | 'endpoint' | 'ingress' }
  | { readonly select: 'agent' | 'server' | 'balancer'; readonly index: number }
  | { readonly select: 'nodes' }
  | { readonly select: 'named'; readonly names: readonly string[] };

/** How much later than planned the supervisor heals a fault whatever the harness says, in milliseconds. */
export const GRACE_MS = 30_000;

export type FaultParameters = Readonly<Record<string, string | number | boolean>>;

export interface FaultPlan {
  /** Unique in the run: `fault-0`. */
  readonly id: string;
  /** One of FAULT_KINDS by its name: `node-kill`, `block-port`, ... */
  readonly kind: string;
  readonly parameters: FaultParameters;
  readonly target: Selector;
  /** From the begin of the measurement, in milliseconds. */
  readonly afterMs: number;
  /** From injection to healing, in milliseconds; the supervisor heals it at the latest 30 s after that. */
  readonly lastingMs: number;
}
