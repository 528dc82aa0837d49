/** What every kind of fault says of itself. One file each in this folder: `<name>.ts` is this record, `<name>.act.ts` does it. */

/** A parameter, with its bounds. Without a default it must be given. */
export type Parameter = { readonly sentence: string } & (
  | { readonly type: 'integer'; readonly min: number; readonly max: number; readonly default?: number }
  | { readonly type: 'choice'; readonly of: readonly string[]; readonly default?: string }
  | { readonly type: 'boolean'; readonly default?: boolean }
);

export interface FaultKind {
  /** `block-port`: what scenario files and the command line call it. */
  readonly name: string;
  /** What it does, in one sentence. */
  readonly sentence: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** What the host must be able to do, as `faultline doctor` names it; null: nothing beyond a container engine. */
  readonly capability: string | null;
  /** A public issue in which it happened to somebody: its address. */
  readonly issue: string;
  /** The signal that must break, or the fault did not bite. */
  readonly breaks: string;
}
