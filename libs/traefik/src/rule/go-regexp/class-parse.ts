/** `[a-z]`, `[^\d.]`, `[[:alpha:]_]` (Go 1.23 regexp/syntax/parse.go: parseClass). */
import { complement, folded, PERL, POSIX } from './class.ts';
import { escapeAt, unicodeAt } from './escape.ts';
import { GoRegexpError, type Range, type RegexpNode, type UnicodeClass } from './node.ts';

interface Member {
  readonly ranges: readonly Range[];
  readonly classes?: readonly UnicodeClass[];
  readonly end: number;
}

/** @throws GoRegexpError */
export function readClass(
  text: string,
  begin: number,
  fold: boolean,
): { readonly node: RegexpNode; readonly end: number } {
  let at = begin + 1;
  const isNegated = text[at] === '^';
  if (isNegated) at += 1;
  const ranges: Range[] = [];
  const classes: UnicodeClass[] = [];
  // The first `]` is a letter; a `-` may stand anywhere (parse.go asks for its place only where PerlX is off).
  for (let isFirst = true; isFirst || text[at] !== ']'; isFirst = false) {
    if (at >= text.length) throw new GoRegexpError('missing closing ]', text.slice(begin));
    const member = memberAt(text, at, begin, fold);
    ranges.push(...member.ranges);
    classes.push(...(member.classes ?? []));
    at = member.end;
  }
  return { node: { kind: 'set', ranges, classes, isNegated, fold, isLetter: false }, end: at + 1 };
}

function memberAt(text: string, at: number, begin: number, fold: boolean): Member {
  const posix = posixAt(text, at, fold);
  if (posix) return posix;
  const perl = text[at] === '\\' ? PERL[(text[at + 1] ?? '').toLowerCase()] : undefined;
  if (perl) return { ranges: /\\[DSW]/.test(text.slice(at, at + 2)) ? others(perl, fold) : perl, end: at + 2 };
  const unicode = unicodeAt(text, at);
  if (unicode) return { ranges: [], classes: [unicode.found], end: unicode.end };
  return rangeAt(text, at, begin);
}

function posixAt(text: string, at: number, fold: boolean): Member | undefined {
  const [whole, not, name] = /^\[:(\^?)([^]*?):\]/.exec(text.slice(at)) ?? [];
  if (whole === undefined) return undefined;
  const ranges = POSIX[name ?? ''];
  if (!ranges) throw new GoRegexpError('invalid character class range', whole);
  return { ranges: not === '^' ? others(ranges, fold) : ranges, end: at + whole.length };
}

/** Go folds before it negates. */
function others(than: readonly Range[], fold: boolean): readonly Range[] {
  return complement(fold ? folded(than) : than);
}

function rangeAt(text: string, at: number, begin: number): Member {
  const low = letterAt(text, at, begin);
  const isRange = text[low.end] === '-' && text[low.end + 1] !== undefined && text[low.end + 1] !== ']';
  if (!isRange) return { ranges: [[low.code, low.code]], end: low.end };
  const high = letterAt(text, low.end + 1, begin);
  if (high.code < low.code) throw new GoRegexpError('invalid character class range', text.slice(at, high.end));
  return { ranges: [[low.code, high.code]], end: high.end };
}

function letterAt(text: string, at: number, begin: number): { readonly code: number; readonly end: number } {
  const code = text.codePointAt(at);
  if (code === undefined) throw new GoRegexpError('missing closing ]', text.slice(begin));
  return text[at] === '\\' ? escapeAt(text, at) : { code, end: at + String.fromCodePoint(code).length };
}
