/**
 * Generated v2 rules, and requests made to fit them and then spoilt: what the tests of the rewrite are run on.
 *
 * A request that knows nothing of the rule is hardly ever accepted. So each matcher brings what would satisfy it, a
 * request is satisfied matcher by matcher (each now and then not), and a part of it is replaced at random afterwards.
 */
import * as fc from 'fast-check';
import { judge } from './judge.ts';
import { quoted } from './literal.ts';
import type { HttpRequest } from './request.ts';

/** A number below `limit`, the next of a row that a seed begins. */
export type Pick = (limit: number) => number;

/** What satisfies a matcher: parts to lay over a request. */
type Witness = (pick: Pick, request: HttpRequest) => HttpRequest;

/** A rule, as text and as what satisfies it. */
export interface Drawn {
  readonly text: string;
  readonly witness: Witness;
}

const HOSTS = ['a.example.com', 'B.Example.com', 'a-1.example.com', 'api.test', 'x.y.z.test', '10.0.0.1'];
const SEGMENTS = ['users', 'a', 'b', '1', '42', 'Api', 'v1', 'x.y', 'ä', 'a b', '{id}', '(c)', ''];
const METHODS = ['GET', 'POST', 'PUT', 'delete'];
const HEADERS = ['X-A', 'x-b', 'Accept', 'X_C'];
const VALUES = ['1', 'on', 'a/b', 'x y', 'Z', 'a=b', ''];
const KEYS = ['q', 'page', 'a.b', 'K'];
const ADDRESSES = ['10.1.2.3', '192.168.0.7', '::1', 'fd00::12', '203.0.113.9'];
const NETWORKS = ['10.0.0.0/8', '10.1.2.3', '192.168.0.0/24', 'fd00::/8', '::1', '0.0.0.0/0', '203.0.113.9/32'];

/** Patterns of Go's, each with what it takes. None takes everything, so that a spoilt request is refused. */
const PATTERNS: readonly (readonly [pattern: string | undefined, taken: readonly string[]])[] = [
  [undefined, ['users', 'a-1', '42']],
  ['[0-9]+', ['1', '42']],
  ['[a-z]+', ['a', 'users']],
  ['[A-Z][a-z]*', ['A', 'Users']],
  ['a|b', ['a', 'b']],
  ['(?i)api', ['api', 'API']],
  ['[[:alpha:]_]+', ['a', 'users', 'A_']],
  [String.raw`\d{1,2}`, ['1', '42']],
  [String.raw`v[12](\.\d)?`, ['v1', 'v2.3']],
  [String.raw`[^./]+\.y`, ['x.y']],
  ['(?:en|de)(?P<region>-[A-Z]{2})?', ['en', 'de-AT']],
  [String.raw`\pL+`, ['a', 'users']],
  ['(users|a)+?', ['users', 'aa']],
  [String.raw`\Qx.y\E`, ['x.y']],
  ['(?s:.)x?', ['a', '1x']],
];

const member = <T>(of: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...of);

function one<T>(pick: Pick, of: readonly T[], otherwise: T): T {
  return of[pick(of.length)] ?? otherwise;
}

interface Part {
  readonly text: string;
  readonly taken: readonly string[];
}

const variable: fc.Arbitrary<Part> = fc
  .tuple(member(['id', 'x', 'name']), member(PATTERNS))
  .map(([name, [pattern, taken]]) => ({ text: pattern === undefined ? `{${name}}` : `{${name}:${pattern}}`, taken }));

function literal(of: readonly string[]): fc.Arbitrary<Part> {
  return member(of.filter((text) => !/[{}]/.test(text))).map((text) => ({ text, taken: [text] }));
}

function joined(parts: readonly Part[], between: string, before: string): Part {
  const text = before + parts.map((part) => part.text).join(between);
  // As many as the longest part has: each part's are taken in turn.
  const count = Math.max(...parts.map(({ taken }) => taken.length));
  const taken = Array.from(
    { length: count },
    (_, at) => before + parts.map((part) => part.taken[at % part.taken.length]).join(between),
  );
  return { text, taken };
}

const path = fc
  .array(fc.oneof({ weight: 3, arbitrary: literal(SEGMENTS) }, { weight: 2, arbitrary: variable }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) => joined(parts, '/', '/'));

const hostTemplate = fc
  .tuple(fc.oneof(variable, literal(['a', 'B'])), literal(['example.com', 'Test', 'y.test']))
  .map((parts) => joined(parts, '.', ''));

/** Backquoted or quoted, with the spaces that people write. */
function call(name: string, values: readonly string[]): fc.Arbitrary<string> {
  const literals = values.map((value) => fc.boolean().map((raw) => (raw ? quoted(value) : JSON.stringify(value))));
  const names = member([name, name, name, name.toLowerCase(), name.toUpperCase()]);
  return fc
    .tuple(names, fc.tuple(...literals), member([', ', ',', ' , ']))
    .map(([as, of, comma]) => `${as}(${of.join(comma)})`);
}

function many<T>(of: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.array(of, { minLength: 1, maxLength: 3 });
}

function drawn(name: string, values: readonly string[], witness: Witness): fc.Arbitrary<Drawn> {
  return call(name, values).map((text) => ({ text, witness }));
}

const hostMatcher = fc
  .tuple(member(['Host', 'Host', 'HostHeader']), many(member([...HOSTS, 'api.test.'])))
  .chain(([name, hosts]) =>
    drawn(name, hosts, (pick, request) => ({
      ...request,
      host: one(pick, hosts, '') + one(pick, ['', '', ':8080', '.'], ''),
    })),
  );

const hostRegexpMatcher = many(hostTemplate).chain((parts) =>
  drawn(
    'HostRegexp',
    parts.map(({ text }) => text),
    (pick, request) => {
      const host = one(pick, one(pick, parts, { text: '', taken: [] }).taken, '');
      return { ...request, host: one(pick, [host, host.toUpperCase(), `${host}:80`], host) };
    },
  ),
);

const pathMatcher = fc.tuple(member(['Path', 'PathPrefix', 'PathPrefix']), many(path)).chain(([name, parts]) =>
  drawn(
    name,
    parts.map(({ text }) => text),
    (pick, request) => {
      const found = one(pick, one(pick, parts, { text: '', taken: [] }).taken, '');
      const rest = name === 'Path' ? one(pick, ['', '', '', '/'], '') : one(pick, ['', '/', '/more', 'more'], '');
      return { ...request, path: found + rest };
    },
  ),
);

const methodMatcher = many(member(METHODS)).chain((methods) =>
  drawn('Method', methods, (pick, request) => ({ ...request, method: one(pick, methods, 'GET').toUpperCase() })),
);

const addressMatcher = many(member(NETWORKS)).chain((networks) =>
  drawn('ClientIP', networks, (pick, request) => ({ ...request, clientIp: one(pick, ADDRESSES, '') })),
);

const headerPair = fc.tuple(member(HEADERS), member(VALUES.filter((value) => value !== '')));
const headersMatcher = fc.array(headerPair, { minLength: 1, maxLength: 2 }).chain((pairs) =>
  drawn('Headers', pairs.flat(), (_pick, request) => ({
    ...request,
    headers: { ...request.headers, ...Object.fromEntries(pairs) },
  })),
);

const headerRegexpPair = fc.tuple(member(HEADERS), member(PATTERNS.filter(([pattern]) => pattern !== undefined)));
const headersRegexpMatcher = fc.array(headerRegexpPair, { minLength: 1, maxLength: 2 }).chain((pairs) =>
  drawn(
    'HeadersRegexp',
    pairs.flatMap(([name, [pattern = '']]) => [name, pattern]),
    (pick, request) => ({
      ...request,
      headers: {
        ...request.headers,
        ...Object.fromEntries(pairs.map(([name, [, taken]]) => [name, one(pick, taken, '')])),
      },
    }),
  ),
);

const queryPair = fc
  .tuple(member(KEYS), fc.oneof(literal(VALUES), variable))
  .map(([key, part]) => ({ key, text: `${key}=${part.text}`, taken: part.text === '' ? ['', 'any'] : part.taken }));
const queryMatcher = fc
  .uniqueArray(queryPair, { minLength: 1, maxLength: 2, selector: ({ key }) => key })
  .chain((pairs) =>
    drawn(
      'Query',
      pairs.map(({ text }) => text),
      (pick, request) => ({
        ...request,
        query: [
          ...(request.query ?? []).filter(([key]) => pairs.every((pair) => pair.key !== key)),
          ...pairs.map(({ key, taken }) => [key, one(pick, taken, '')] as const),
        ],
      }),
    ),
  );

const matcher = fc.oneof(
  hostMatcher,
  hostRegexpMatcher,
  pathMatcher,
  methodMatcher,
  addressMatcher,
  headersMatcher,
  headersRegexpMatcher,
  queryMatcher,
);

/** One side of `||` is enough, and both may be meant. */
function either(left: Drawn, right: Drawn): Witness {
  return (pick, request) => one(pick, [left, right], left).witness(pick, request);
}

/** v2 rules, most of them of one to four matchers; v2 itself refuses a few, which name a variable twice. */
export const v2Text: fc.Arbitrary<Drawn> = fc.letrec<{ rule: Drawn }>((tie) => ({
  rule: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    matcher,
    fc.tuple(tie('rule'), tie('rule'), member([' && ', '&&', ' &&\n  '])).map(([left, right, and]) => ({
      text: `${bracketed(left)}${and}${bracketed(right)}`,
      witness: (pick: Pick, request: HttpRequest) => right.witness(pick, left.witness(pick, request)),
    })),
    fc
      .tuple(tie('rule'), tie('rule'))
      .map(([left, right]) => ({ text: `${left.text} || ${right.text}`, witness: either(left, right) })),
    tie('rule').map((of) => ({ text: `(${of.text})`, witness: of.witness })),
    tie('rule').map((of) => ({ text: `!${bracketed(of)}`, witness: (_pick: Pick, request: HttpRequest) => request })),
  ),
})).rule;

/** Those that v2 takes. */
export const v2Rule: fc.Arbitrary<Drawn> = v2Text.filter(({ text }) => judge(text, 'v2').verdict !== 'invalid');

/** In parentheses, where `&&` or `!` would else reach into it. Not so each third time: the tree is then another one. */
function bracketed({ text }: Drawn): string {
  return text.includes('||') && text.length % 3 !== 0 ? `(${text})` : text;
}

const BLANK: HttpRequest = {
  host: 'nobody.test',
  path: '/nothing',
  method: 'HEAD',
  clientIp: '198.51.100.1',
  headers: {},
  query: [],
};

/** Requests for a rule; each pair (rule, seed) gives the same ones. */
export function requestsFor(rule: Drawn, seed: number, count: number): readonly HttpRequest[] {
  const pick = picker(seed);
  return Array.from({ length: count }, () => {
    const fitting = rule.witness(pick, BLANK);
    return pick(5) < 4 ? spoilt(pick, fitting) : fitting;
  });
}

function spoilt(pick: Pick, request: HttpRequest): HttpRequest {
  const { path: was } = request;
  const [key, value] = request.query?.[0] ?? ['q', '1'];
  const name = Object.keys(request.headers ?? {})[0] ?? 'X-A';
  const spoils: readonly Partial<HttpRequest>[] = [
    { host: one(pick, HOSTS, '') },
    { host: `x${request.host}` },
    { host: `${request.host}.evil` },
    { path: `${was}/` },
    { path: `/x${was}` },
    { path: `/${one(pick, SEGMENTS, '')}/${one(pick, SEGMENTS, '')}` },
    { method: one(pick, METHODS, 'GET').toUpperCase() },
    { clientIp: one(pick, ADDRESSES, '') },
    { headers: {} },
    { headers: { ...request.headers, [name]: ['other', one(pick, VALUES, '')] } },
    { query: [] },
    {
      query: [
        [key, 'other'],
        [key, value],
      ],
    },
    {
      query: [
        [key, value],
        [key, 'other'],
      ],
    },
  ];
  return { ...request, ...one(pick, spoils, {}) };
}

/** A linear congruential generator: the numbers of Numerical Recipes. */
function picker(seed: number): Pick {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
