/** The matchers of v2 rules (v2.11.18 pkg/muxer/http/mux.go, and containous/mux b2dd784 route.go, mux.go under it). */
import { addressChecker, goRegexp, isSameHost, refuseNonAscii, type Matcher } from './predicate.ts';
import { canonicalHost, headerValues, muxHost, queryValues, type HttpRequest } from './request.ts';
import { templateOf, type TemplateKind } from './template.ts';

export const HTTP_V2: Readonly<Record<string, Matcher<HttpRequest>>> = {
  Host: host,
  HostHeader: host,
  HostRegexp: hostRegexp,
  ClientIP: clientIp,
  Path: (values) => path(values, 'path'),
  PathPrefix: (values) => path(values, 'prefix'),
  Method: (values) => {
    const methods = values.map((value) => value.toUpperCase());
    return ({ method = 'GET' }) => methods.includes(method);
  },
  Headers: headers,
  HeadersRegexp: headersRegexp,
  Query: query,
};

function host(values: readonly string[]): (request: HttpRequest) => boolean {
  for (const value of values) refuseNonAscii(value, '"Host"');
  const hosts = values.map((value) => value.toLowerCase());
  return (request) => hosts.some((written) => isSameHost(canonicalHost(request.host), written));
}

function hostRegexp(values: readonly string[]): (request: HttpRequest) => boolean {
  const found = values.map((value) => {
    refuseNonAscii(value, 'HostRegexp');
    return goRegexp(templateOf(value, 'host').source);
  });
  return (request) => found.some((matches) => matches(muxHost(request.host)));
}

function clientIp(values: readonly string[]): (request: HttpRequest) => boolean {
  const contains = addressChecker(values, 'could not initialize IP Checker for "ClientIP" matcher');
  return (request) => contains(request.clientIp ?? '');
}

function path(values: readonly string[], kind: TemplateKind): (request: HttpRequest) => boolean {
  const found = values.map((value) => {
    if (!value.startsWith('/')) throw new Error(`mux: path must start with a slash, got ${JSON.stringify(value)}`);
    return goRegexp(templateOf(value, kind).source);
  });
  return (request) => found.some((matches) => matches(request.path));
}

/** Of the same name twice the last counts: the pairs become a map (mux.go mapFromPairsToString). */
export function pairsOf(values: readonly string[]): ReadonlyMap<string, string> {
  if (values.length % 2 !== 0) throw oddNumber(values);
  const pairs = values.flatMap((key, index) => (index % 2 === 0 ? [[key, values[index + 1] ?? ''] as const] : []));
  return new Map(pairs);
}

function oddNumber(values: readonly string[]): Error {
  return new Error(`mux: number of parameters must be multiple of 2, got [${values.join(' ')}]`);
}

function headers(values: readonly string[]): (request: HttpRequest) => boolean {
  const pairs = [...pairsOf(values)];
  return (request) => pairs.every(([name, value]) => headerValues(request, name)?.includes(value) ?? false);
}

function headersRegexp(values: readonly string[]): (request: HttpRequest) => boolean {
  // Each is compiled, also one that a later pair replaces.
  if (values.length % 2 === 0) for (const [index, value] of values.entries()) if (index % 2 === 1) goRegexp(value);
  const pairs = [...pairsOf(values)].map(([name, value]) => [name, goRegexp(value)] as const);
  return (request) => pairs.every(([name, matches]) => headerValues(request, name)?.some(matches) ?? false);
}

/** `a=b` is one pair, and so are `a`, `b`: what is split is put in one row (mux.go query). */
export function queryTemplates(values: readonly string[]): readonly string[] {
  const row = values.flatMap((value) => {
    const equals = value.indexOf('=');
    return equals < 0 ? [value] : [value.slice(0, equals), value.slice(equals + 1)];
  });
  if (row.length % 2 !== 0) throw oddNumber(row);
  return row.flatMap((key, index) => (index % 2 === 0 ? [`${key}=${row[index + 1] ?? ''}`] : []));
}

/** All of them; of a parameter sent twice only the first value is looked at (regexp.go getURLQuery). */
function query(values: readonly string[]): (request: HttpRequest) => boolean {
  const names = new Set<string>();
  const found = queryTemplates(values).map((text) => {
    const template = templateOf(text, 'query');
    refuseTwice(template.names, names);
    return { key: text.slice(0, text.indexOf('=')), matches: goRegexp(template.source) };
  });
  return (request) =>
    found.every(({ key, matches }) => {
      const [first] = queryValues(request, key);
      return matches(first === undefined ? '' : `${key}=${first}`);
    });
}

/** route.go addRegexpMatcher: uniqueVars. */
function refuseTwice(names: readonly string[], seen: Set<string>): void {
  const twice = names.find((name) => seen.has(name));
  if (twice !== undefined) throw new Error(`mux: duplicated route variable ${JSON.stringify(twice)}`);
  for (const name of names) seen.add(name);
}
