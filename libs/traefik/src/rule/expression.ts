/**
 * The Go expression that a rule is, by recursive descent.
 *
 * As much of go/parser.ParseExpr (Go 1.23) as can be written without types, functions and composite literals; refusals
 * are worded as it words them, because they end up in Traefik's log.
 */
import { RefusedError } from './rule-error.ts';
import { tokensOf, type Token } from './scan.ts';
import type { Span } from './tree.ts';

export type Expression =
  | (Span & { readonly kind: 'literal'; readonly token: Token })
  | (Span & { readonly kind: 'name'; readonly text: string })
  | (Span & { readonly kind: 'selector'; readonly of: Expression; readonly text: string })
  | (Span & { readonly kind: 'index'; readonly of: Expression })
  | (Span & { readonly kind: 'call'; readonly callee: Expression; readonly args: readonly Expression[] })
  | (Span & {
      readonly kind: 'binary';
      readonly operator: Token;
      readonly left: Expression;
      readonly right: Expression;
    })
  | (Span & { readonly kind: 'unary'; readonly operator: Token; readonly of: Expression })
  | (Span & { readonly kind: 'paren'; readonly of: Expression });

/** go/token: Token.Precedence. */
const PRECEDENCE: Readonly<Record<string, number>> = Object.fromEntries(
  [
    ['||'],
    ['&&'],
    ['==', '!=', '<', '<=', '>', '>='],
    ['+', '-', '|', '^'],
    ['*', '/', '%', '<<', '>>', '&', '&^'],
  ].flatMap((operators, index) => operators.map((operator) => [operator, index + 1])),
);
const EQUALITY = PRECEDENCE['=='] ?? 0;
const UNARY = new Set(['!', '+', '-', '^', '&', '*', '<-', '~']);
const LITERALS = new Set(['string', 'char', 'int', 'float']);

/** More than any rule has, and less than what ends our own stack. These limits are ours: Traefik's are further off. */
const MAX_DEPTH = 500;
const MAX_OPERATORS = 2000;
const MAX_LENGTH = 100_000;

/** @throws RefusedError */
export function expressionOf(text: string): Expression {
  if (text.length > MAX_LENGTH) {
    const reason = `${text.length} characters long: Faultline reads rules of up to ${MAX_LENGTH}`;
    throw new RefusedError({ reason, begin: 0, end: text.length });
  }
  const reader = new Reader(tokensOf(text));
  const expression = reader.binary(1);
  reader.takeIf('newline');
  reader.expectEnd();
  return expression;
}

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  #operators = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get #token(): Token {
    const token = this.#tokens[this.#at] ?? this.#tokens.at(-1);
    if (token === undefined) throw new Error('a text has at least the token that ends it');
    return token;
  }

  #next(): Token {
    const token = this.#token;
    this.#at += 1;
    return token;
  }

  #isAt(operator: string): boolean {
    return this.#token.kind === 'operator' && this.#token.text === operator;
  }

  takeIf(kind: Token['kind']): void {
    if (this.#token.kind === kind) this.#next();
  }

  expectEnd(): void {
    if (this.#token.kind !== 'end') this.#refuse("'EOF'", ['&&', '||', 'the end of the rule']);
  }

  #expect(operator: string): Token {
    if (!this.#isAt(operator)) this.#refuse(`'${operator}'`, [operator]);
    return this.#next();
  }

  /** go/parser: errorExpected. */
  #refuse(wanted: string, expected: readonly string[]): never {
    const { kind, text, begin, end } = this.#token;
    if (kind === 'illegal') throw new RefusedError({ reason: text, begin, end, expected });
    throw new RefusedError({ reason: `expected ${wanted}, found ${foundIn(this.#token)}`, begin, end, expected });
  }

  /** go/parser: parseBinaryExpr. */
  binary(lowest: number): Expression {
    let left = this.#unary();
    for (;;) {
      // Go takes it for the comparison that was meant, and says so.
      if (this.#isAt('=') && lowest <= EQUALITY) this.#refuse("'=='", ['&&', '||', 'the end of the rule']);
      const precedence = this.#token.kind === 'operator' ? (PRECEDENCE[this.#token.text] ?? 0) : 0;
      if (precedence < lowest) return left;
      const operator = this.#next();
      this.#operators += 1;
      if (this.#operators > MAX_OPERATORS) this.#refuseSize(`more than ${MAX_OPERATORS} operators`);
      const right = this.binary(precedence + 1);
      left = { kind: 'binary', operator, left, right, begin: left.begin, end: right.end };
    }
  }

  #unary(): Expression {
    if (this.#token.kind !== 'operator' || !UNARY.has(this.#token.text)) return this.#primary();
    const operator = this.#next();
    const of = this.#deeper(() => this.#unary());
    return { kind: 'unary', operator, of, begin: operator.begin, end: of.end };
  }

  #deeper(read: () => Expression): Expression {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) this.#refuseSize(`nested deeper than ${MAX_DEPTH}`);
    const expression = read();
    this.#depth -= 1;
    return expression;
  }

  #refuseSize(what: string): never {
    const { begin, end } = this.#token;
    throw new RefusedError({ reason: `${what}: Faultline reads no larger rules`, begin, end });
  }

  #primary(): Expression {
    let of = this.#operand();
    for (;;) {
      if (this.#isAt('.')) of = this.#selector(of);
      else if (this.#isAt('[')) of = this.#index(of);
      else if (this.#isAt('(')) of = this.#call(of);
      else return of;
    }
  }

  #operand(): Expression {
    const token = this.#token;
    if (LITERALS.has(token.kind)) {
      this.#next();
      return { kind: 'literal', token, begin: token.begin, end: token.end };
    }
    if (token.kind === 'name') {
      this.#next();
      return { kind: 'name', text: token.text, begin: token.begin, end: token.end };
    }
    if (!this.#isAt('(')) return this.#refuse('operand', ['a matcher', '!', '(']);
    this.#next();
    const of = this.#deeper(() => this.binary(1));
    const { end } = this.#expect(')');
    return { kind: 'paren', of, begin: token.begin, end };
  }

  #selector(of: Expression): Expression {
    this.#next();
    if (this.#token.kind !== 'name') this.#refuse('selector or type assertion', ['a name']);
    const { text, end } = this.#next();
    return { kind: 'selector', of, text, begin: of.begin, end };
  }

  #index(of: Expression): Expression {
    this.#next();
    this.#deeper(() => this.binary(1));
    const { end } = this.#expect(']');
    return { kind: 'index', of, begin: of.begin, end };
  }

  #call(callee: Expression): Expression {
    this.#next();
    const args: Expression[] = [];
    while (!this.#isAt(')') && this.#token.kind !== 'end') {
      args.push(this.#deeper(() => this.binary(1)));
      if (this.#isAt('...')) this.#next();
      if (this.#isAt(')')) break;
      this.#expectComma();
    }
    const { end } = this.#expect(')');
    return { kind: 'call', callee, args, begin: callee.begin, end };
  }

  /** go/parser: atComma. */
  #expectComma(): void {
    if (this.#isAt(',')) return void this.#next();
    const { kind, begin, end } = this.#token;
    if (kind === 'illegal') this.#refuse("','", [',', ')']);
    const where = kind === 'newline' ? ' before newline' : '';
    throw new RefusedError({ reason: `missing ','${where} in argument list`, begin, end, expected: [',', ')'] });
  }
}

function foundIn({ kind, text }: Token): string {
  if (kind === 'newline') return 'newline';
  if (kind === 'end') return "'EOF'";
  return kind === 'operator' ? `'${text}'` : text;
}
