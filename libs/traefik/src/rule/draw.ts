/**
 * Rules of v2, drawn from a seed: what the rewrite is tried on. Pure.
 *
 * A request that knows nothing of the rule is hardly ever accepted: so each matcher brings what would satisfy it.
 */
import { judge } from './judge.ts';
import { quoted } from './literal.ts';
import { one, picker, type Pick } from './pick.ts';
import type { HttpRequest } from './request.ts';

/** A rule, and what makes a request satisfy it. */
export interface Drawn {
  readonly text: string;
  readonly satisfy: (pick: Pick, request: HttpRequest) => HttpRequest;
}

export const HOSTS: readonly string[] = [
  'a.example.com',
  'B.Example.com',
  'a-1.example.com',
  'api.test',
  'x.y.z.test',
  '10.0.0.1',
];
export const SEGMENTS: readonly string[] = ['users', 'a', 'b', '1', '42', 'Api', 'v1', 'x.y', 'ä', 'a b', '(c)', ''];
export const METHODS: readonly string[] = ['GET', 'POST', 'PUT', 'delete'];
const HEADERS = ['X-A', 'x-b', 'Accept', 'X_C'];
export const VALUES: readonly string[] = ['1', 'on', 'a/b', 'x y', 'Z', 'a=b'];
const KEYS = ['q', 'page', 'a.b', 'K'];
export const ADDRESSES: readonly string[] = ['10.1.2.3', '192.168.0.7', '::1', 'fd00::12', '203.0.113.9'];
const NETWORKS = ['10.0.0.0/8', '10.1.2.3', '192.168.0.0/24', 'fd00::/8', '::1', '0.0.0.0/0', '::/0', '203.0.113.9/32'];

/** Part of a rule, and texts that it takes. */
interface Part {
  readonly text: string;
  readonly taken: readonly string[];
}

/** Patterns of Go's; none takes everything, so that a spoilt request is refused. */
const PATTERNS: readonly Part[] = [
  { text: '[0-9]+', taken: ['1', '42'] },
  { text: '[a-z]+', taken: ['a', 'users'] },
  { text: '[A-Z][a-z]*', taken: ['A', 'Users'] },
  { text: '[^A-Z.]+', taken: ['1', '42'] },
  { text: 'a|b', taken: ['a', 'b'] },
  { text: '(?i)api', taken: ['api', 'API'] },
  { text: '[[:alpha:]_]+', taken: ['a', 'users', 'A_'] },
  { text: String.raw`\d{1,2}`, taken: ['1', '42'] },
  { text: String.raw`v[12](\.\d)?`, taken: ['v1', 'v2.3'] },
  { text: String.raw`[^./]+\.y`, taken: ['x.y'] },
  { text: '(?:en|de)(?P<region>-[A-Z]{2})?', taken: ['en', 'de-AT'] },
  { text: String.raw`\pL+`, taken: ['a', 'users'] },
  { text: '(users|a)+?', taken: ['users', 'aa'] },
  { text: String.raw`\Qx.y\E`, taken: ['x.y'] },
  { text: '(?s:.)x?', taken: ['a', '1x'] },
];

function many<T>(pick: Pick, most: number, draw: () => T): readonly T[] {
  return Array.from({ length: 1 + pick(most) }, draw);
}

function literal(pick: Pick, of: readonly string[]): Part {
  const text = one(pick, of);
  return { text, taken: [text] };
}

function variable(pick: Pick): Part {
  const name = one(pick, ['id', 'x', 'name']);
  if (pick(6) === 0) return { text: `{${name}}`, taken: ['users', 'a-1', '42'] };
  const { text, taken } = one(pick, PATTERNS);
  return { text: `{${name}:${text}}`, taken };
}

/** Of each part a text that it takes, the same number of each. */
function joined(parts: readonly Part[], between: string, before: string): Part {
  const taken = [0, 1, 2].map((at) => before + parts.map((part) => part.taken[at % part.taken.length]).join(between));
  return { text: before + parts.map(({ text }) => text).join(between), taken };
}

function path(pick: Pick): Part {
  return joined(
    many(pick, 3, () => (pick(5) < 3 ? literal(pick, SEGMENTS) : variable(pick))),
    '/',
    '/',
  );
}

function hostTemplate(pick: Pick): Part {
  const first = pick(3) === 0 ? literal(pick, ['a', 'B']) : variable(pick);
  return joined([first, literal(pick, ['example.com', 'Test', 'y.test'])], '.', '');
}

/** In either quotes, in a spelling that Traefik takes, with the spaces that people write. */
function call(pick: Pick, matcher: string, values: readonly string[], satisfy: Drawn['satisfy']): Drawn {
  const name = one(pick, [matcher, matcher, matcher, matcher.toLowerCase(), matcher.toUpperCase()]);
  const literals = values.map((value) => (pick(2) === 0 ? quoted(value) : JSON.stringify(value)));
  return { text: `${name}(${literals.join(one(pick, [', ', ',', ' , ']))})`, satisfy };
}

function ofParts(
  pick: Pick,
  matcher: string,
  parts: readonly Part[],
  satisfy: (text: string, ...rest: Parameters<Drawn['satisfy']>) => HttpRequest,
): Drawn {
  const values = parts.map(({ text }) => text);
  return call(pick, matcher, values, (by, request) => satisfy(one(by, one(by, parts).taken), by, request));
}

const DRAWERS: readonly ((pick: Pick) => Drawn)[] = [
  (pick) => {
    const hosts = many(pick, 3, () => literal(pick, [...HOSTS, 'api.test.']));
    return ofParts(pick, one(pick, ['Host', 'Host', 'HostHeader']), hosts, (host, by, request) => ({
      ...request,
      host: host + one(by, ['', '', ':8080', '.']),
    }));
  },
  (pick) =>
    ofParts(
      pick,
      'HostRegexp',
      many(pick, 3, () => hostTemplate(pick)),
      (host, by, request) => ({
        ...request,
        host: one(by, [host, host.toUpperCase(), `${host}:80`]),
      }),
    ),
  (pick) =>
    ofParts(
      pick,
      'Path',
      many(pick, 3, () => path(pick)),
      (found, _by, request) => ({ ...request, path: found }),
    ),
  (pick) =>
    ofParts(
      pick,
      'PathPrefix',
      many(pick, 3, () => path(pick)),
      (found, by, request) => ({
        ...request,
        path: found + one(by, ['', '/', '/more', 'more']),
      }),
    ),
  (pick) =>
    ofParts(
      pick,
      'Method',
      many(pick, 3, () => literal(pick, METHODS)),
      (method, _by, request) => ({
        ...request,
        method: method.toUpperCase(),
      }),
    ),
  (pick) =>
    call(
      pick,
      'ClientIP',
      many(pick, 3, () => one(pick, NETWORKS)),
      (by, request) => ({ ...request, clientIp: one(by, ADDRESSES) }),
    ),
  (pick) => headers(pick, 'Headers', () => literal(pick, VALUES)),
  (pick) => headers(pick, 'HeadersRegexp', () => one(pick, PATTERNS)),
  queries,
];

function headers(pick: Pick, matcher: string, drawValue: () => Part): Drawn {
  const pairs = many(pick, 2, () => ({ name: one(pick, HEADERS), value: drawValue() }));
  const values = pairs.flatMap(({ name, value }) => [name, value.text]);
  return call(pick, matcher, values, (by, request) => {
    const sent = pairs.map(({ name, value }) => [name, one(by, value.taken)] as const);
    return { ...request, headers: { ...request.headers, ...Object.fromEntries(sent) } };
  });
}

function queries(pick: Pick): Drawn {
  const pairs = many(pick, 2, () => ({ key: one(pick, KEYS), value: queryValue(pick) }));
  const values = pairs.map(({ key, value }) => `${key}=${value.text}`);
  return call(pick, 'Query', values, (by, request) => {
    const sent = new Map([
      ...(request.query ?? []),
      ...pairs.map(({ key, value }) => [key, one(by, value.taken)] as const),
    ]);
    return { ...request, query: [...sent] };
  });
}

function queryValue(pick: Pick): Part {
  if (pick(8) === 0) return { text: '', taken: ['', 'any'] };
  return pick(2) === 0 ? literal(pick, VALUES) : variable(pick);
}

/** A rule in v2's syntax; v2 refuses a few, which name a variable twice. */
export function drawText(pick: Pick, depth = 3): Drawn {
  const which = depth === 0 ? 0 : pick(10);
  if (which < 3) return one(pick, DRAWERS)(pick);
  const left = drawText(pick, depth - 1);
  if (which === 3) return { text: `(${left.text})`, satisfy: left.satisfy };
  if (which === 4) return { text: `!${bracketed(left)}`, satisfy: (_by, request) => request };
  const right = drawText(pick, depth - 1);
  if (which < 7) {
    return {
      text: `${left.text} || ${right.text}`,
      satisfy: (by, request) => one(by, [left, right]).satisfy(by, request),
    };
  }
  return {
    text: `${bracketed(left)}${one(pick, [' && ', '&&', ' &&\n  '])}${bracketed(right)}`,
    satisfy: (by, request) => right.satisfy(by, left.satisfy(by, request)),
  };
}

/** In parentheses, where `&&` or `!` would else reach into it. Not so each third time: the tree is then another one. */
function bracketed({ text }: Drawn): string {
  return text.includes('||') && text.length % 3 !== 0 ? `(${text})` : text;
}

/** A rule that v2 takes. */
export function drawRule(seed: number): Drawn {
  const pick = picker(seed);
  for (;;) {
    const drawn = drawText(pick);
    if (judge(drawn.text, 'v2').verdict !== 'invalid') return drawn;
  }
}
