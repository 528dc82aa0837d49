/**
 * A rule, read: `(Host("a.x") || Host("b.x")) && !Path("/c")`, with the place of each part.
 *
 * One tree for both generations of Traefik: what differs between them are the matchers, not the language around them
 * (pkg/rules/parser.go is the same in v2.11.18 and v3.3.6).
 */

/** Generation of rule syntax; Traefik 3 reads v2 rules too, where a route says `syntax: v2`. */
export type Generation = 'v2' | 'v3';

/** What a rule is asked about: a request (IngressRoute) or a connection (IngressRouteTCP). */
export type Transport = 'http' | 'tcp';

/** Offsets in the rule's text, the end excluded. */
export interface Span {
  readonly begin: number;
  readonly end: number;
}

export interface Value extends Span {
  /** What the literal stands for, unquoted. */
  readonly text: string;
}

export interface Match extends Span {
  readonly kind: 'match';
  /** As the generation's documentation spells it: `HostRegexp` where the rule says `hostregexp`. */
  readonly matcher: string;
  readonly name: Span;
  readonly values: readonly Value[];
}

export interface Both extends Span {
  readonly kind: 'and' | 'or';
  readonly left: Rule;
  readonly right: Rule;
}

export interface Not extends Span {
  readonly kind: 'not';
  readonly of: Rule;
}

/** Parentheses. */
export interface Group extends Span {
  readonly kind: 'group';
  readonly of: Rule;
}

export type Rule = Match | Both | Not | Group;

/** Every matcher call of a rule, from left to right. */
export function matchesOf(rule: Rule): readonly Match[] {
  switch (rule.kind) {
    case 'match':
      return [rule];
    case 'and':
    case 'or':
      return [...matchesOf(rule.left), ...matchesOf(rule.right)];
    default:
      return matchesOf(rule.of);
  }
}
