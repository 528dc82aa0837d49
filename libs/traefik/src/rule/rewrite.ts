/** A v2 rule as v3 writes it. */
import { compileHttp, compileTcp } from './compile.ts';
import type { Note } from './note.ts';
import { parseRule } from './parse.ts';
import { rewriteMatch, type Rewritten } from './rewrite-match.ts';
import type { Rule, Span, Transport } from './tree.ts';

/** Replaces what stands from `begin` to `end`, offsets in the rule as it was. */
export interface RuleEdit extends Span {
  readonly text: string;
}

export interface Rewrite {
  readonly text: string;
  readonly changed: boolean;
  /** Whether it accepts the same requests; where it does not, notes say which differ. */
  readonly exact: boolean;
  readonly notes: readonly Note[];
  /** What was changed, from left to right, none overlapping: all else stays byte by byte. */
  readonly edits: readonly RuleEdit[];
  /**
   * By how much the rule's priority changes where the route sets none: it is the length of the rule, in bytes
   * (v2.11.18 pkg/muxer/http/mux.go AddRoute; v3.3.6 GetRulePriority).
   */
  readonly longerBy: number;
}

/**
 * The rule in v3's syntax; what needs no change is left as it is, down to its spaces.
 * @throws RuleError where v2 refuses the rule
 */
export function rewrite(text: string, transport: Transport = 'http'): Rewrite {
  if (transport === 'http') compileHttp(text, 'v2');
  else compileTcp(text, 'v2');
  const notes: Note[] = [];
  const edits = editsOf(parseRule(text, 'v2', transport), 'whole', { text, notes });
  const rewritten = applied(text, edits);
  const bytes = (of: string) => new TextEncoder().encode(of).length;
  return {
    text: rewritten,
    changed: edits.length > 0,
    exact: notes.every(({ isExact }) => isExact),
    notes,
    edits,
    longerBy: bytes(rewritten) - bytes(text),
  };
}

interface Context {
  readonly text: string;
  readonly notes: Note[];
}

/** What stands around a matcher, and so whether what it becomes needs parentheses. */
type Around = 'whole' | 'or' | 'and' | 'not';

function editsOf(rule: Rule, around: Around, context: Context): readonly RuleEdit[] {
  switch (rule.kind) {
    case 'group':
      return editsOf(rule.of, 'whole', context);
    case 'not':
      return editsOf(rule.of, 'not', context);
    case 'match': {
      const source = (span: Span) => context.text.slice(span.begin, span.end);
      const rewritten = rewriteMatch(rule, source);
      context.notes.push(...rewritten.notes);
      const text = written(rewritten, around);
      return text === source(rule) || isSameCall(rewritten, source(rule))
        ? []
        : [{ begin: rule.begin, end: rule.end, text }];
    }
    default:
      return [...editsOf(rule.left, rule.kind, context), ...editsOf(rule.right, rule.kind, context)];
  }
}

/** `Host( "a" )` says what `Host("a")` says. */
function isSameCall({ calls }: Rewritten, source: string): boolean {
  return (
    calls.length === 1 &&
    calls[0] === source.replaceAll(/\(\s+|,?\s*\)$/g, (found) => (found.startsWith('(') ? '(' : ')'))
  );
}

function written({ calls, joinedBy }: Rewritten, around: Around): string {
  const text = calls.join(` ${joinedBy} `);
  const binds = around === 'not' || (around === 'and' && joinedBy === '||');
  return calls.length > 1 && binds ? `(${text})` : text;
}

function applied(text: string, edits: readonly RuleEdit[]): string {
  return edits
    .toReversed()
    .reduce((done, { begin, end, text: by }) => done.slice(0, begin) + by + done.slice(end), text);
}
