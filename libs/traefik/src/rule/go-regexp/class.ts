/** Character classes of Go's regular expressions (Go 1.23 regexp/syntax: perl_groups.go, parse.go). */
import type { Range, UnicodeClass } from './node.ts';

export const MAX_CODE = 0x10ffff;

function ranges(text: string): readonly Range[] {
  const points = [...text].map((letter) => letter.codePointAt(0) ?? 0);
  return Array.from({ length: points.length / 2 }, (_, index) => [points[2 * index] ?? 0, points[2 * index + 1] ?? 0]);
}

export const DIGIT: readonly Range[] = ranges('09');
export const SPACE: readonly Range[] = ranges('\t\n\f\r  ');
export const WORD: readonly Range[] = ranges('09AZ__az');

/** What `\d`, `\s`, `\w` stand for: no Unicode. */
export const PERL: Readonly<Record<string, readonly Range[]>> = { d: DIGIT, s: SPACE, w: WORD };

/** `[:alpha:]` and its like. */
export const POSIX: Readonly<Record<string, readonly Range[]>> = {
  alnum: ranges('09AZaz'),
  alpha: ranges('AZaz'),
  ascii: [[0, 0x7f]],
  blank: ranges('\t\t  '),
  cntrl: [
    [0, 0x1f],
    [0x7f, 0x7f],
  ],
  digit: DIGIT,
  graph: ranges('!~'),
  lower: ranges('az'),
  print: ranges(' ~'),
  punct: ranges('!/:@[`{~'),
  space: ranges('\t\r  '),
  upper: ranges('AZ'),
  word: WORD,
  xdigit: ranges('09AFaf'),
};

const LETTERS = Array.from({ length: 26 }, (_, index) => index + 97);
/** The third forms of `k` and `s` (unicode.SimpleFold): the sign of kelvin, and the long s. */
const THIRD: Readonly<Record<number, number>> = { 107: 0x212a, 115: 0x17f };

/** These in either case, where they are Latin letters. */
export function folded(of: readonly Range[]): readonly Range[] {
  const has = (code: number) => of.some(([low, high]) => low <= code && code <= high);
  const forms = (code: number) => [code, code - 32, THIRD[code] ?? code];
  const found = LETTERS.filter((code) => has(code) || has(code - 32)).flatMap(forms);
  return [...of, ...found.map((code): Range => [code, code])];
}

/** Everything but these. */
export function complement(of: readonly Range[]): readonly Range[] {
  const found: Range[] = [];
  let next = 0;
  for (const [low, high] of of.toSorted(([one], [other]) => one - other)) {
    if (low > next) found.push([next, low - 1]);
    next = Math.max(next, high + 1);
  }
  return next <= MAX_CODE ? [...found, [next, MAX_CODE]] : found;
}

/** `Greek`, `L`, `Lu`, `Any`; undefined: Unicode has no such class. */
export function unicodeClass(name: string, isNegated: boolean): UnicodeClass | undefined {
  const candidates = /^[A-Z][a-z]?$|^Any$/.test(name) ? [name] : [`Script=${name}`];
  const known = candidates.find((candidate) => isKnown(candidate));
  return known === undefined ? undefined : { name: known, isNegated };
}

function isKnown(property: string): boolean {
  try {
    return new RegExp(`\\p{${property}}`, 'u').unicode;
  } catch {
    return false;
  }
}
