/** What follows a backslash (Go 1.23 regexp/syntax/parse.go: escape, parseUnicodeClass). */
import { MAX_CODE, unicodeClass } from './class.ts';
import { GoRegexpError, type UnicodeClass } from './node.ts';

const LETTERS: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** The letter that the escape at `begin` stands for. */
export function escapeAt(text: string, begin: number): { readonly code: number; readonly end: number } {
  const rest = text.slice(begin);
  if (rest === '\\') throw new GoRegexpError('trailing backslash at end of expression', '');
  const [octal] = /^\\(?:[1-7][0-7]{1,2}|0[0-7]{0,2})/.exec(rest) ?? [];
  if (octal !== undefined) return { code: Number.parseInt(octal.slice(1), 8), end: begin + octal.length };
  const [hex, long, short] = /^\\x(?:\{([\da-fA-F]+)\}|([\da-fA-F]{2}))/.exec(rest) ?? [];
  if (hex !== undefined) {
    const code = Number.parseInt(long ?? short ?? '', 16);
    if (code <= MAX_CODE) return { code, end: begin + hex.length };
  }
  const next = String.fromCodePoint(text.codePointAt(begin + 1) ?? 0);
  const code = LETTERS[next];
  if (code !== undefined) return { code, end: begin + 2 };
  if (next < '\u0080' && !/[\da-zA-Z]/.test(next)) return { code: next.charCodeAt(0), end: begin + 2 };
  throw new GoRegexpError('invalid escape sequence', /^\\x(?:\{[\da-fA-F]*)?/.exec(rest)?.[0] ?? `\\${next}`);
}

/** `\pL`, `\p{Greek}`, `\P{^Lu}`; undefined: something else stands there. */
export function unicodeAt(
  text: string,
  begin: number,
): { readonly found: UnicodeClass; readonly end: number } | undefined {
  const [whole, letter, braces, plain] = /^\\([pP])(?:\{([^}]*)\}|([^{]))/u.exec(text.slice(begin)) ?? [];
  if (whole === undefined) {
    if (!/^\\[pP]/.test(text.slice(begin))) return undefined;
    throw new GoRegexpError('invalid character class range', text.slice(begin));
  }
  const name = braces ?? plain ?? '';
  const isNegated = (letter === 'P') !== name.startsWith('^');
  const found = unicodeClass(name.replace(/^\^/, ''), isNegated);
  if (!found) throw new GoRegexpError('invalid character class range', whole);
  return { found, end: begin + whole.length };
}
