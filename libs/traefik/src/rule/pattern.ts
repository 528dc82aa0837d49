/** A v2 template as the regular expression that does the same in v3, as short as can be. */
import { nodesOf, parseGoRegexp, quoteMeta, type RegexpNode } from './go-regexp/index.ts';
import type { Piece, Template } from './template.ts';

/** Of a path: v2's expression without the names. */
export function pathPattern(template: Template, isPrefix: boolean): string {
  return `^${joined(template.pieces)}${isPrefix ? '' : '$'}`;
}

/**
 * Of a host: v2 compares in either case; v3 asks for the name in small letters. `(?i)` is kept only where small letters
 * would be taken otherwise without it.
 */
export function hostPattern(template: Template): string {
  const pieces = template.pieces.map((piece) => ('name' in piece ? piece : { literal: piece.literal.toLowerCase() }));
  const source = `^${joined(pieces)}$`;
  return isSameInSmallLetters(source) ? source : `(?i)${source}`;
}

/** Of a query's value: what stands behind `key=`. */
export function queryPattern(template: Template, key: string): string {
  const [first, ...rest] = template.pieces;
  const literal = first && 'literal' in first ? first.literal.slice(key.length + 1) : '';
  return `^${joined([{ literal }, ...rest])}$`;
}

function joined(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) => ('name' in piece ? groupedWhereNeeded(piece.pattern) : quoteMeta(piece.literal)))
    .join('');
}

/** v2 puts each pattern in a group; without it, `a|b` would reach beyond its braces, and so would `(?i)` and `\1`. */
function groupedWhereNeeded(pattern: string): string {
  const reachesOut = parseGoRegexp(pattern).kind === 'either' || /\(\?[imsU-]+\)|\\[0-7]{1,2}$/.test(pattern);
  return reachesOut ? `(?:${pattern})` : pattern;
}

/** Whether a text without capital letters is matched as it is with `(?i)`: each capital stands with its small letter. */
function isSameInSmallLetters(source: string): boolean {
  return nodesOf(parseGoRegexp(source)).every((node) => node.kind !== 'set' || node.fold || isClosed(node));
}

function isClosed({ ranges, classes }: Extract<RegexpNode, { kind: 'set' }>): boolean {
  const has = (code: number) => ranges.some(([low, high]) => low <= code && code <= high);
  const capitals = Array.from({ length: 26 }, (_, index) => index + 65);
  return classes.length === 0 && capitals.every((code) => !has(code) || has(code + 32));
}

/** Whether it depends on what stands before or behind it: `^`, `\b`. */
export function looksAround(pattern: string): boolean {
  return nodesOf(parseGoRegexp(pattern)).some((node) => node.kind === 'assert');
}
