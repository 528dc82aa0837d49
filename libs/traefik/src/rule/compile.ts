/**
 * A rule as a question: does it accept this request? What Traefik refuses when it adds the rule to its muxer is refused
 * here, with the line of its log.
 *
 * v2.11.18 pkg/muxer/{http,tcp}/mux.go AddRoute; v3.3.6 pkg/muxer/{http,tcp}/mux.go AddRoute, addRule.
 */
import { HTTP_V2, queryTemplates } from './http-v2.ts';
import { HTTP_V3 } from './http-v3.ts';
import { parseRule } from './parse.ts';
import type { Matcher, Predicate } from './predicate.ts';
import { RefusedError, RuleError } from './rule-error.ts';
import type { Connection, HttpRequest } from './request.ts';
import { TCP_V2, TCP_V3 } from './tcp.ts';
import { templateOf, type TemplateKind } from './template.ts';
import type { Generation, Match, Rule, Transport } from './tree.ts';

/** @throws RuleError */
export function compileHttp(text: string, generation: Generation): Predicate<HttpRequest> {
  return compiled(
    text,
    parseRule(text, generation, 'http'),
    generation,
    'http',
    generation === 'v2' ? HTTP_V2 : HTTP_V3,
  );
}

/** @throws RuleError */
export function compileTcp(text: string, generation: Generation): Predicate<Connection> {
  return compiled(text, parseRule(text, generation, 'tcp'), generation, 'tcp', generation === 'v2' ? TCP_V2 : TCP_V3);
}

interface Context<Asked> {
  readonly matchers: Readonly<Record<string, Matcher<Asked>>>;
  /** v3 for HTTP says which part of the rule it was adding: the words before the reason. */
  readonly saysWhere: boolean;
}

/** The reason, and the words before it. */
class AddError extends Error {
  readonly match: Match;
  readonly before: string;
  constructor(reason: string, match: Match, before = '') {
    super(reason);
    this.name = 'AddError';
    this.match = match;
    this.before = before;
  }
}

function compiled<Asked>(
  text: string,
  rule: Rule,
  generation: Generation,
  transport: Transport,
  matchers: Readonly<Record<string, Matcher<Asked>>>,
): Predicate<Asked> {
  try {
    const accepts = ask(rule, false, { matchers, saysWhere: generation === 'v3' && transport === 'http' });
    if (generation === 'v2' && transport === 'http') refuseVariablesTwice(rule, false, []);
    return accepts;
  } catch (error) {
    if (!(error instanceof AddError)) throw error;
    const { begin, end } = error.match;
    const outer = generation === 'v3' ? `error while adding rule ${text}: ` : '';
    throw new RuleError(text, { reason: error.message, begin, end }, `${outer}${error.before}${error.message}`);
  }
}

/** `!(a && b)` is added as `!a || !b` (pkg/rules/parser.go invert): which shows in the words of an error only. */
function ask<Asked>(rule: Rule, isInverted: boolean, context: Context<Asked>): Predicate<Asked> {
  if (rule.kind === 'group') return ask(rule.of, isInverted, context);
  if (rule.kind === 'not') return ask(rule.of, !isInverted, context);
  if (rule.kind === 'match') {
    const accepts = askMatch(rule, context);
    return isInverted ? (asked) => !accepts(asked) : accepts;
  }
  const isAnd = (rule.kind === 'and') !== isInverted;
  const left = askLeft(rule.left, isInverted, isAnd, context);
  const right = ask(rule.right, isInverted, context);
  return isAnd ? (asked) => left(asked) && right(asked) : (asked) => left(asked) || right(asked);
}

/** Only the left side's errors are wrapped (mux.go addRule). */
function askLeft<Asked>(rule: Rule, isInverted: boolean, isAnd: boolean, context: Context<Asked>): Predicate<Asked> {
  try {
    return ask(rule, isInverted, context);
  } catch (error) {
    if (!(error instanceof AddError) || !context.saysWhere) throw error;
    throw new AddError(error.message, error.match, `error while adding rule ${isAnd ? 'and' : 'or'}: ${error.before}`);
  }
}

function askMatch<Asked>(match: Match, { matchers, saysWhere }: Context<Asked>): Predicate<Asked> {
  const values = match.values.map(({ text }) => text);
  const before = (doing: string) => (saysWhere ? `error while ${doing} rule ${match.matcher}: ` : '');
  // pkg/rules/parser.go CheckRule.
  if (values.length === 0) throw new AddError(`no args for matcher ${match.matcher}`, match, before('checking'));
  if (values.includes('')) {
    throw new AddError(`empty args for matcher ${match.matcher}, [${values.join(' ')}]`, match, before('checking'));
  }
  const build = matchers[match.matcher];
  if (!build) throw new RefusedError({ reason: `unsupported function: ${match.matcher}`, ...match.name }, 'meaning');
  try {
    return build(values);
  } catch (error) {
    throw new AddError(error instanceof Error ? error.message : String(error), match, before('adding'));
  }
}

const TEMPLATES: Readonly<Record<string, TemplateKind>> = { Path: 'path', PathPrefix: 'prefix', HostRegexp: 'host' };

/**
 * A variable of a Query may not be named again by what is joined to it by `&&` behind it: both end up in one route
 * (containous/mux b2dd784 route.go addRegexpMatcher, getRegexpGroup; before it, or in another branch, they do not).
 */
function refuseVariablesTwice(rule: Rule, isInverted: boolean, queries: string[]): void {
  if (rule.kind === 'group') return refuseVariablesTwice(rule.of, isInverted, queries);
  if (rule.kind === 'not') return refuseVariablesTwice(rule.of, !isInverted, queries);
  if (rule.kind === 'match') return isInverted ? undefined : refuseAmong(rule, queries);
  const isAnd = (rule.kind === 'and') !== isInverted;
  refuseVariablesTwice(rule.left, isInverted, isAnd ? queries : [...queries]);
  refuseVariablesTwice(rule.right, isInverted, isAnd ? queries : [...queries]);
}

function refuseAmong(match: Match, queries: string[]): void {
  const values = match.values.map(({ text }) => text);
  const kind = TEMPLATES[match.matcher];
  const isQuery = match.matcher === 'Query';
  const texts = isQuery ? queryTemplates(values) : values;
  const names = isQuery || kind ? texts.flatMap((text) => templateOf(text, kind ?? 'query').names) : [];
  const twice = names.find((name) => queries.includes(name));
  if (twice !== undefined) throw new AddError(`mux: duplicated route variable ${JSON.stringify(twice)}`, match);
  if (isQuery) queries.push(...names);
}
