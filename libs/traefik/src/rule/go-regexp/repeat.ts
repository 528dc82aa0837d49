/** `*`, `+?`, `{2,3}` (Go 1.23 regexp/syntax/parse.go: repeat, parseRepeat). */
import { GoRegexpError, type RegexpNode } from './node.ts';

/** The most often that anything may be repeated. */
export const MAX_REPEAT = 1000;

export interface Repeat {
  readonly text: string;
  readonly min: number;
  readonly max: number | undefined;
  readonly isLazy: boolean;
}

/** Leading zeros make it a text: parse.go, parseInt. */
const REPEAT = /([*+?]|\{(0|[1-9]\d*)(?:(,)(0|[1-9]\d*)?)?\})(\?)?/y;

/** @throws GoRegexpError where it says too often, whatever stands before it */
export function repeatAt(source: string, at: number): Repeat | undefined {
  REPEAT.lastIndex = at;
  const [text, operator = '', least, comma, most, lazy] = REPEAT.exec(source) ?? [];
  if (text === undefined) return undefined;
  const { min, max } = bounds(operator, least, comma, most);
  const isTooOften = min > MAX_REPEAT || (max !== undefined && (max > MAX_REPEAT || max < min));
  if (isTooOften) throw new GoRegexpError('invalid repeat count', operator);
  return { text, min, max, isLazy: lazy === '?' };
}

function bounds(
  operator: string,
  least?: string,
  comma?: string,
  most?: string,
): { min: number; max: number | undefined } {
  if (operator === '*') return { min: 0, max: undefined };
  if (operator === '+') return { min: 1, max: undefined };
  if (operator === '?') return { min: 0, max: 1 };
  const min = Number(least);
  if (comma === undefined) return { min, max: min };
  return { min, max: most === undefined ? undefined : Number(most) };
}

/** How often the innermost thing is repeated, counted by counted (parse.go: repeatIsValid). */
export function repeats(node: RegexpNode): number {
  if (node.kind === 'sequence' || node.kind === 'either') return Math.max(1, ...node.of.map(repeats));
  if (node.kind !== 'repeat' || node.max === 0) return 1;
  return Math.max(1, node.max ?? node.min) * repeats(node.of);
}
