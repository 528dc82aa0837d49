/**
 * The tokens of a rule: those of the Go language, because Traefik reads rules as Go expressions
 * (vulcand/predicate v1.2.0 parse.go calls go/parser.ParseExpr; the tokens are go/scanner's).
 */
import type { Span } from './tree.ts';

export type TokenKind = 'string' | 'char' | 'int' | 'float' | 'name' | 'operator' | 'newline' | 'illegal' | 'end';

export interface Token extends Span {
  readonly kind: TokenKind;
  /** Of an illegal one: what the scanner says. */
  readonly text: string;
}

/** Longest first: `&&` is not two `&`. */
const OPERATORS = '&& || == != <= >= << >> &^ <- ++ -- := ... ! ( ) , . [ ] { } < > = + - * / % & | ^ : ; ~'.split(' ');

/** Go ends a statement at the end of a line that ends in one of these (go/scanner: insertSemi). */
const ENDS_STATEMENT = new Set([')', ']', '}', '++', '--']);
const LITERALS = new Set<TokenKind>(['string', 'char', 'int', 'float', 'name']);

const NAME = /[\p{L}_][\p{L}\p{Nd}_]*/uy;
const FLOAT = /(?:\d[\d_]*\.[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?|\d[\d_]*[eE][+-]?\d+/y;
const INT = /0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|\d[\d_]*/y;

/** The last is the end, or an illegal one: what stands behind that is not read, since the parser does not come to it. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    const blank = skipBlank(text, at, endsStatement(tokens.at(-1)));
    const token = tokenAt(text, blank, endsStatement(tokens.at(-1)));
    tokens.push(token);
    if (token.kind === 'end' || token.kind === 'illegal') return tokens;
    at = token.end;
  }
}

function endsStatement(token: Token | undefined): boolean {
  return token !== undefined && (LITERALS.has(token.kind) || ENDS_STATEMENT.has(token.text));
}

/** Over spaces and comments; a newline is a token where a statement may end. */
function skipBlank(text: string, begin: number, newlineCounts: boolean): number {
  const blank = newlineCounts ? BLANK : BLANK_AND_NEWLINE;
  blank.lastIndex = begin;
  return begin + (blank.exec(text)?.[0].length ?? 0);
}

const BLANK = /(?:[ \t\r]|\/\/[^\n]*|\/\*[^]*?\*\/)*/y;
const BLANK_AND_NEWLINE = /(?:[ \t\r\n]|\/\/[^\n]*|\/\*[^]*?\*\/)*/y;

function illegal(text: string, begin: number, end: number): Token {
  return { kind: 'illegal', text, begin, end };
}

function tokenAt(text: string, begin: number, newlineCounts: boolean): Token {
  const letter = text[begin];
  // Go writes the newline that ends a statement at the end of the text too.
  if (letter === '\n' || (letter === undefined && newlineCounts)) {
    return { kind: 'newline', text: '\n', begin, end: Math.min(begin + 1, text.length) };
  }
  if (letter === undefined) return { kind: 'end', text: '', begin: text.length, end: text.length };
  if (text.startsWith('/*', begin)) return illegal('comment not terminated', begin, text.length);
  if (letter === '`' || letter === '"' || letter === "'") return quotedAt(text, begin, letter);
  return sticky(text, begin, NAME, 'name') ?? numberAt(text, begin) ?? operatorAt(text, begin);
}

function sticky(text: string, begin: number, pattern: RegExp, kind: TokenKind): Token | undefined {
  pattern.lastIndex = begin;
  const [found] = pattern.exec(text) ?? [];
  return found === undefined ? undefined : { kind, text: found, begin, end: begin + found.length };
}

function numberAt(text: string, begin: number): Token | undefined {
  return sticky(text, begin, FLOAT, 'float') ?? sticky(text, begin, INT, 'int');
}

function operatorAt(text: string, begin: number): Token {
  const found = OPERATORS.find((operator) => text.startsWith(operator, begin));
  if (found !== undefined) return { kind: 'operator', text: found, begin, end: begin + found.length };
  const letter = String.fromCodePoint(text.codePointAt(begin) ?? 0);
  const code = (letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return illegal(`illegal character U+${code} '${letter}'`, begin, begin + letter.length);
}

const UNTERMINATED = {
  '`': 'raw string literal not terminated',
  '"': 'string literal not terminated',
  "'": 'rune literal not terminated',
};

/** go/scanner: scanEscape. */
const ESCAPE = /\\(?:[abfnrtv\\"]|[0-7]{3}|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8})/y;

function quotedAt(text: string, begin: number, quote: '`' | '"' | "'"): Token {
  for (let at = begin + 1; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === '\n' && quote !== '`') break;
    if (letter === '\\' && quote === '"') {
      ESCAPE.lastIndex = at;
      const [escape] = ESCAPE.exec(text) ?? [];
      if (escape === undefined) return illegal('unknown escape sequence', at + 1, at + 2);
      at += escape.length - 1;
    } else if (letter === quote) {
      const kind = quote === "'" ? 'char' : 'string';
      return { kind, text: text.slice(begin, at + 1), begin, end: at + 1 };
    }
  }
  return illegal(UNTERMINATED[quote], begin, text.length);
}
