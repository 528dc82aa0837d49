/** The matchers of v3 rules (v3.3.6 pkg/muxer/http/matcher.go). */
import { addressChecker, goRegexp, isSameHost, refuseNonAscii, type Matcher, type Predicate } from './predicate.ts';
import { canonicalHost, headerValues, queryValues, type HttpRequest } from './request.ts';

type Build = (first: string, second: string | undefined) => Predicate<HttpRequest>;

export const HTTP_V3: Readonly<Record<string, Matcher<HttpRequest>>> = {
  ClientIP: expecting(clientIp, 1),
  Method: expecting(
    (value) =>
      ({ method = 'GET' }) =>
        method === value.toUpperCase(),
    1,
  ),
  Host: expecting(host, 1),
  HostRegexp: expecting(hostRegexp, 1),
  Path: expecting(path, 1),
  PathRegexp: expecting(pathRegexp, 1),
  PathPrefix: expecting(pathPrefix, 1),
  Header: expecting(header, 2),
  HeaderRegexp: expecting(headerRegexp, 2),
  Query: expecting(query, 1, 2),
  QueryRegexp: expecting(queryRegexp, 1, 2),
};

function expecting(build: Build, ...counts: readonly number[]): Matcher<HttpRequest> {
  return (values) => {
    if (counts.includes(values.length)) return build(values[0] ?? '', values[1]);
    throw new Error(`unexpected number of parameters; got ${values.length}, expected one of [${counts.join(' ')}]`);
  };
}

/** What regexp.Compile says, behind the words of the matcher. */
function compiled(value: string, matcher: string): (text: string) => boolean {
  try {
    return goRegexp(value);
  } catch (error) {
    throw new Error(`compiling ${matcher} matcher: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function clientIp(value: string): Predicate<HttpRequest> {
  const contains = addressChecker([value], 'initializing IP checker for ClientIP matcher');
  return (request) => contains(request.clientIp ?? '');
}

function host(value: string): Predicate<HttpRequest> {
  refuseNonAscii(value, 'Host');
  return (request) => isSameHost(canonicalHost(request.host), value.toLowerCase());
}

/** Also asked of the name that CNAME flattening found, which is empty in k3s: an expression that takes "" takes all. */
function hostRegexp(value: string): Predicate<HttpRequest> {
  refuseNonAscii(value, 'HostRegexp');
  const matches = compiled(value, 'HostRegexp');
  return (request) => matches(canonicalHost(request.host)) || matches('');
}

function refuseRelative(value: string): void {
  if (!value.startsWith('/')) throw new Error(`path ${JSON.stringify(value)} does not start with a '/'`);
}

function path(value: string): Predicate<HttpRequest> {
  refuseRelative(value);
  return (request) => request.path === value;
}

/** "compiling PathPrefix matcher" is what pathRegexp says. */
function pathRegexp(value: string): Predicate<HttpRequest> {
  const matches = compiled(value, 'PathPrefix');
  return (request) => matches(request.path);
}

function pathPrefix(value: string): Predicate<HttpRequest> {
  refuseRelative(value);
  return (request) => request.path.startsWith(value);
}

function header(name: string, value: string | undefined): Predicate<HttpRequest> {
  return (request) => headerValues(request, name)?.includes(value ?? '') ?? false;
}

function headerRegexp(name: string, value: string | undefined): Predicate<HttpRequest> {
  const matches = compiled(value ?? '', 'HeaderRegexp');
  return (request) => headerValues(request, name)?.some(matches) ?? false;
}

/** Of a parameter sent twice any value counts. */
function query(key: string, value: string | undefined): Predicate<HttpRequest> {
  return (request) => queryValues(request, key).includes(value ?? '');
}

function queryRegexp(key: string, value: string | undefined): Predicate<HttpRequest> {
  if (value === undefined) return query(key, value);
  const matches = compiled(value, 'QueryRegexp');
  return (request) => queryValues(request, key).some(matches);
}
