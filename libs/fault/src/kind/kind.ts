/** What every kind of fault says of itself. One file each in this folder: `<name>.ts` is this record, `<name>.act.ts` does it. */
import type { FaultParameters } from '../spec.ts';

/** A parameter, with its bounds. Without a default it must be given. */
export type Parameter = { readonly sentence: string } & (
  | { readonly type: 'integer'; readonly min: number; readonly max: number; readonly default?: number }
  | { readonly type: 'number'; readonly min: number; readonly max: number; readonly default?: number }
  | { readonly type: 'choice'; readonly of: readonly string[]; readonly default?: string }
  | { readonly type: 'boolean'; readonly default?: boolean }
  /** Lower-case letters, digits and -, at most 32: a name that somebody else gave. */
  | { readonly type: 'word'; readonly default?: string }
  /** 8472, or several and ranges of them: '2379-2380, 30000-32767'. */
  | { readonly type: 'ports'; readonly default?: number | string }
  /** Machines of the cluster by name: 'agent-1, client', or `others`, or `anyone`. */
  | { readonly type: 'peers'; readonly default?: string }
);

export interface FaultKind {
  /** `block-port`: what scenario files and the command line call it. */
  readonly name: string;
  /** What it does, in one sentence. */
  readonly sentence: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  /**
   * What host or cluster must be able to do, null: nothing beyond a container engine. `nft.owner` (tables that end with
   * their process), `nft.netdev` (the same, with the hooks of an interface), `netem`, `tbf` (queues of the kernel that
   * delay or limit), `overlay` (a backend with a VXLAN device), `kubernetes` (no bare nodes).
   */
  readonly capability: string | null;
  /** A public issue in which it happened to somebody: its address. */
  readonly issue: string;
  /** Whether the struck machine still answers a ping, which is then a control: what the fault must leave alone. */
  readonly sparesPing?: boolean;
  /** Whether the node is started again by it or by its healing: the cluster has to take it up again then. Never, unless told. */
  readonly restartsNode?: (parameters: FaultParameters) => boolean;
  /** The signal that must break, or the fault did not bite. */
  readonly breaks: string;
}
