/** What lint says of one place in a manifest. */

/** `breaks`: traffic is lost, or the upgrade does not happen. `changes`: it goes on, otherwise than before. `warns`: it will. */
export const SEVERITIES = ['breaks', 'changes', 'warns'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Lines and columns from 1, as editors count; the end is behind the last character. */
export interface Place {
  /** As it was given; `-`: standard input; `cluster`: read from a live one. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface ObjectName {
  readonly kind: string;
  /** Empty where the object does not say. */
  readonly namespace: string;
  readonly name: string;
}

/** Replaces what stands from `begin` to `end` (offsets in the file's text, the end excluded). */
export interface Edit {
  readonly begin: number;
  readonly end: number;
  readonly text: string;
}

export interface Finding {
  /** Id of the rule, e.g. `rule-multiple-values`; docs/lint/<id>.md explains it. */
  readonly rule: string;
  readonly severity: Severity;
  readonly place: Place;
  readonly object: ObjectName;
  /** Path in the object, e.g. `spec.routes[0].match`. */
  readonly path: string;
  /** What stands there, what happens with it, from which k3s release on. One or two sentences. */
  readonly message: string;
  /** What to write in its place, for people. */
  readonly advice: string;
  /** Edits that do it, none overlapping; empty where only a person can decide. */
  readonly edits: readonly Edit[];
}
