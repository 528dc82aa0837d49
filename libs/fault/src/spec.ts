/** A fault as data, as it stands in a plan: which disturbance, with which parameters. Its targets are resolved when it is injected. */

/**
 * Which node(s), resolved at injection time:
 * - `announcer`: the node that answers for the address that clients use;
 * - `agent` / `server` with an index;
 * - `endpoint`: a node that runs an endpoint of the app, and neither the Ingress controller, nor announces the clients' address.
 */
export type Selector =
  | { readonly select: 'announcer' }
  | { readonly select: 'agent' | 'server'; readonly index: number }
  | { readonly select: 'endpoint' };

/** How much later than planned the supervisor heals a fault whatever the harness says, in milliseconds. */
export const GRACE_MS = 30_000;

export type FaultParameters = Readonly<Record<string, string | number | boolean>>;

export interface FaultPlan {
  /** Unique in the run: `fault-0`. */
  readonly id: string;
  /** `node-kill`, `node-pause`, `block-port`. */
  readonly kind: string;
  readonly parameters: FaultParameters;
  readonly target: Selector;
  /** From the begin of the measurement, in milliseconds. */
  readonly afterMs: number;
  /** From injection to healing, in milliseconds; the supervisor heals it at the latest 30 s after that. */
  readonly lastingMs: number;
}
