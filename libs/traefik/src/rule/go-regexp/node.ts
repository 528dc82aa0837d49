/** A Go regular expression, read. */

/** Inclusive code points. */
export type Range = readonly [low: number, high: number];

export type RegexpNode =
  /** A set of characters; `fold`: in either case. `unicode`: what a range cannot say, as in `\pL`. */
  | {
      readonly kind: 'set';
      readonly ranges: readonly Range[];
      readonly classes: readonly UnicodeClass[];
      readonly isNegated: boolean;
      readonly fold: boolean;
      /** Written as one letter, not as a class. */
      readonly isLetter: boolean;
    }
  | {
      readonly kind: 'assert';
      readonly what: 'text-begin' | 'text-end' | 'line-begin' | 'line-end' | 'word' | 'not-word';
    }
  | {
      readonly kind: 'repeat';
      readonly of: RegexpNode;
      readonly min: number;
      readonly max: number | undefined;
      readonly isLazy: boolean;
    }
  | { readonly kind: 'sequence'; readonly of: readonly RegexpNode[] }
  | { readonly kind: 'either'; readonly of: readonly RegexpNode[] };

export interface UnicodeClass {
  /** As JavaScript names it: `L`, `Script=Greek`, `Any`. */
  readonly name: string;
  readonly isNegated: boolean;
}

/** What regexp.Compile says: `error parsing regexp: <code>: <the part>`. */
export class GoRegexpError extends Error {
  readonly code: string;
  readonly part: string;
  constructor(code: string, part: string) {
    super(`error parsing regexp: ${code}: \`${part}\``);
    this.name = 'GoRegexpError';
    this.code = code;
    this.part = part;
  }
}

/** Everything that the nodes under this one are, itself first. */
export function* nodesOf(node: RegexpNode): Generator<RegexpNode> {
  yield node;
  if (node.kind === 'repeat') yield* nodesOf(node.of);
  if (node.kind === 'sequence' || node.kind === 'either') for (const inner of node.of) yield* nodesOf(inner);
}
