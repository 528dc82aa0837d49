/** What a person should know of a rewrite. */
import type { Span } from './tree.ts';

export type NoteKind =
  | 'repeated-parameter'
  | 'empty-host'
  | 'capital-letters'
  | 'no-equivalent'
  | 'looks-around'
  | 'was-literal'
  | 'no-405'
  | 'wildcard';

export const NOTES: Readonly<Record<NoteKind, string>> = {
  'repeated-parameter':
    'v2 looks at the first value of a query parameter only, v3 at each: they differ where a request sends it twice',
  'empty-host':
    'v3 also asks the expression for the empty name, and takes every host where it takes that; `\\b` prevents it, ' +
    'and asks for a letter, digit or `_` first',
  'capital-letters': '`(?-i)` compares capital letters, which v3 never sees: it asks for the host in small letters',
  'no-equivalent': 'v3 has no matcher for this: write it by hand',
  'looks-around':
    'the pattern looks at what stands before or behind it, and v3 does not show it the name of the parameter',
  'was-literal':
    "v2 takes HostRegexp's text literally but for what stands in braces, so this matched no host; the rewrite keeps that",
  'no-405': 'where only the method did not fit v2 answers 405, v3 404',
  wildcard: 'from Traefik 3.7 on a `*` at the beginning of a Host stands for any name; before it is a star',
};

/** With one of these the rewrite accepts other requests than the rule did. */
const INEXACT = new Set<NoteKind>([
  'repeated-parameter',
  'empty-host',
  'capital-letters',
  'no-equivalent',
  'looks-around',
]);

/** The place is in the rule as it was. */
export interface Note extends Span {
  readonly kind: NoteKind;
  readonly text: string;
  /** Whether the rewrite accepts, here, what the rule accepted. */
  readonly isExact: boolean;
}

export function note(kind: NoteKind, { begin, end }: Span): Note {
  return { kind, text: NOTES[kind], isExact: !INEXACT.has(kind), begin, end };
}
