/**
 * A Go regular expression as one of JavaScript that finds it in the same texts.
 *
 * Written anew from its tree, because the same letters mean other things: `.` and `$` know other line ends, `\s` and `\w`
 * other letters, `[[:alpha:]]` and `\z` do not exist. Whether a text is matched is the same; which part of it may not be.
 */
import { type Range, type RegexpNode } from './node.ts';

/** @returns undefined: JavaScript cannot say it */
export function toJs(node: RegexpNode): RegExp | undefined {
  const source = sourceOf(node);
  return source === undefined ? undefined : new RegExp(source, 'u');
}

function sourceOf(node: RegexpNode): string | undefined {
  switch (node.kind) {
    case 'set':
      return setSource(node);
    case 'assert':
      return ASSERTIONS[node.what];
    case 'repeat': {
      const of = sourceOf(node.of);
      return of === undefined ? undefined : `(?:${of})${count(node)}${node.isLazy ? '?' : ''}`;
    }
    case 'sequence':
      return joined(node.of.map(grouped), '');
    default:
      return joined(node.of.map(sourceOf), '|');
  }
}

const ASSERTIONS = {
  'text-begin': '^',
  'text-end': '$',
  // Go knows one end of a line, JavaScript four.
  'line-begin': '(?<![^\\n])',
  'line-end': '(?![^\\n])',
  word: '\\b',
  'not-word': '\\B',
} as const;

function joined(parts: readonly (string | undefined)[], between: string): string | undefined {
  return parts.includes(undefined) ? undefined : parts.join(between);
}

function grouped(node: RegexpNode): string | undefined {
  const source = sourceOf(node);
  return node.kind === 'either' && source !== undefined ? `(?:${source})` : source;
}

function count({ min, max }: { readonly min: number; readonly max: number | undefined }): string {
  if (max === undefined) return min < 2 ? (min === 0 ? '*' : '+') : `{${min},}`;
  return `{${min},${max}}`;
}

function setSource(set: Extract<RegexpNode, { kind: 'set' }>): string | undefined {
  // The two languages fold negated classes in different orders.
  if (set.fold && set.classes.some(({ isNegated }) => isNegated)) return undefined;
  const classes = set.classes.map(({ name, isNegated }) => `\\${isNegated ? 'P' : 'p'}{${name}}`);
  const inner = [...set.ranges.map(rangeSource), ...classes].join('');
  const source = `[${set.isNegated ? '^' : ''}${inner}]`;
  return set.fold ? `(?i:${source})` : source;
}

function rangeSource([low, high]: Range): string {
  const code = (point: number) => `\\u{${point.toString(16)}}`;
  return low === high ? code(low) : `${code(low)}-${code(high)}`;
}
