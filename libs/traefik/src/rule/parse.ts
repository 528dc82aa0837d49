/**
 * Reads a rule: the Go expression, understood as vulcand/predicate v1.2.0 (parse.go) understands it with the matchers of
 * a generation.
 */
import { expressionOf, type Expression } from './expression.ts';
import { unquoted } from './literal.ts';
import { matcherNamed, MATCHERS, nearestMatcher } from './matcher.ts';
import { RefusedError, RuleError } from './rule-error.ts';
import type { Generation, Match, Rule, Span, Transport, Value } from './tree.ts';

export interface Grammar {
  readonly generation: Generation;
  readonly transport: Transport;
}

/**
 * The tree of a rule. Only what the parser refuses is refused here; what the matchers refuse: `checkRule`.
 * @throws RuleError
 */
export function parseRule(text: string, generation: Generation, transport: Transport = 'http'): Rule {
  try {
    return ruleOf(expressionOf(text), { generation, transport });
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    throw new RuleError(
      text,
      error.refusal,
      `error while parsing rule ${text}: ${place(text, error)}${error.refusal.reason}`,
    );
  }
}

/** go/parser and go/scanner say line and column, in bytes; vulcand/predicate says no place. */
function place(text: string, { refusal, by }: RefusedError): string {
  if (by === 'meaning') return '';
  const before = text.slice(0, refusal.begin).split('\n');
  return `${before.length}:${new TextEncoder().encode(before.at(-1)).length + 1}: `;
}

function refuse(reason: string, { begin, end }: Span, expected: readonly string[] = [], near?: string): never {
  throw new RefusedError({ reason, begin, end, expected, nearest: near }, 'meaning');
}

function ruleOf(expression: Expression, grammar: Grammar): Rule {
  const { begin, end } = expression;
  switch (expression.kind) {
    case 'paren':
      return { kind: 'group', of: ruleOf(expression.of, grammar), begin, end };
    case 'unary': {
      const { operator } = expression;
      if (operator.text !== '!') refuse(`${operator.text} is not supported`, operator, ['!']);
      return { kind: 'not', of: ruleOf(expression.of, grammar), begin, end };
    }
    case 'binary': {
      const { operator } = expression;
      const left = ruleOf(expression.left, grammar);
      const right = ruleOf(expression.right, grammar);
      if (operator.text !== '&&' && operator.text !== '||')
        refuse(`${operator.text} is not supported`, operator, ['&&', '||']);
      return { kind: operator.text === '&&' ? 'and' : 'or', left, right, begin, end };
    }
    case 'call':
      return matchOf(expression, grammar);
    default:
      return refuse(notARule(expression), expression, MATCHERS[grammar.transport][grammar.generation]);
  }
}

/** What stands where a matcher should. */
function notARule(expression: Expression): string {
  if (expression.kind === 'name') return `${expression.text} is not defined`;
  if (expression.kind === 'selector') return `${selectorOf(expression)} is not defined`;
  if (expression.kind === 'index') return 'properties are not supported';
  return 'not a matcher';
}

function selectorOf(expression: Expression): string {
  if (expression.kind === 'selector') return `${selectorOf(expression.of)}.${expression.text}`;
  return expression.kind === 'name' ? expression.text : '?';
}

type Call = Extract<Expression, { kind: 'call' }>;

function matchOf(call: Call, grammar: Grammar): Match {
  const { callee } = call;
  if (callee.kind !== 'name' && callee.kind !== 'selector') {
    refuse(`expected identifier, got: ${GO_TYPE[callee.kind]}`, callee);
  }
  const name = selectorOf(callee);
  const matcher = matcherNamed(name, grammar.generation, grammar.transport);
  if (matcher === undefined) {
    const { generation, transport } = grammar;
    const near = nearestMatcher(name, generation, transport);
    refuse(`unsupported function: ${name}`, callee, MATCHERS[transport][generation], near);
  }
  const values = call.args.map((arg) => valueOf(arg, grammar));
  const written = { begin: callee.begin, end: callee.end };
  return { kind: 'match', matcher, name: written, values, begin: call.begin, end: call.end };
}

const GO_TYPE: Readonly<Record<Expression['kind'], string>> = {
  literal: '*ast.BasicLit',
  name: '*ast.Ident',
  selector: '*ast.SelectorExpr',
  index: '*ast.IndexExpr',
  call: '*ast.CallExpr',
  binary: '*ast.BinaryExpr',
  unary: '*ast.UnaryExpr',
  paren: '*ast.ParenExpr',
};

function valueOf(expression: Expression, grammar: Grammar): Value {
  if (expression.kind === 'literal') return literalOf(expression);
  if (expression.kind === 'name' || expression.kind === 'selector' || expression.kind === 'index') {
    refuse(notARule(expression), expression, ['a string']);
  }
  if (expression.kind === 'call') {
    matchOf(expression, grammar);
    refuse('reflect: cannot use rules.TreeBuilder as type string in Call', expression, ['a string']);
  }
  return refuse(`${GO_TYPE[expression.kind]} is not supported`, expression, ['a string']);
}

function literalOf({ token, begin, end }: Extract<Expression, { kind: 'literal' }>): Value {
  if (token.kind === 'char') refuse("unsupported function argument type: 'CHAR'", token, ['a string']);
  if (token.kind !== 'string') {
    const type = token.kind === 'int' ? 'int' : 'float64';
    refuse(`reflect: cannot use ${type} as type string in Call`, token, ['a string']);
  }
  const text = unquoted(token.text);
  if (text === undefined) refuse(`failed to parse argument: ${token.text}, error: invalid syntax`, token);
  return { text, begin, end };
}
