/** The matchers of TCP rules (v2.11.18 pkg/muxer/tcp/mux.go; v3.3.6 pkg/muxer/tcp/matcher.go). */
import { addressChecker, goRegexp, type Matcher, type Predicate } from './predicate.ts';
import type { Connection } from './request.ts';
import { templateOf } from './template.ts';

export const TCP_V2: Readonly<Record<string, Matcher<Connection>>> = {
  HostSNI: hostSni,
  HostSNIRegexp: hostSniRegexp,
  ClientIP: (values) => {
    const contains = addressChecker(values, 'could not initialize IP Checker for "ClientIP" matcher');
    return ({ clientIp = '' }) => contains(clientIp);
  },
  ALPN: (values) => alpn(values, '"ALPN"'),
};

export const TCP_V3: Readonly<Record<string, Matcher<Connection>>> = {
  ALPN: expectingOne((value) => alpn([value], 'ALPN')),
  ClientIP: expectingOne((value) => {
    const contains = addressChecker([value], 'initializing IP checker for ClientIP matcher');
    return ({ clientIp = '' }) => contains(clientIp);
  }),
  HostSNI: expectingOne(hostSniV3),
  HostSNIRegexp: expectingOne(hostSniRegexpV3),
};

function expectingOne(build: (value: string) => Predicate<Connection>): Matcher<Connection> {
  return (values) => {
    if (values.length === 1) return build(values[0] ?? '');
    throw new Error(`unexpected number of parameters; got ${values.length}, expected 1`);
  };
}

function alpn(values: readonly string[], matcher: string): Predicate<Connection> {
  if (values.includes('acme-tls/1')) {
    throw new Error(`invalid protocol value for ${matcher} matcher, "acme-tls/1" is not allowed`);
  }
  return ({ alpn: sent = [] }) => sent.some((protocol) => values.includes(protocol));
}

/** types.CanonicalDomain. */
function canonicalName({ serverName }: Connection): string {
  return serverName.trim().toLowerCase();
}

function hostSni(values: readonly string[]): Predicate<Connection> {
  const wrong = values.find((value) => value !== '*' && !/^[\da-zA-Z.\-:]+$/.test(value));
  if (wrong !== undefined) {
    throw new Error(`invalid value for "HostSNI" matcher, ${JSON.stringify(wrong)} is not a valid hostname or IP`);
  }
  const hosts = values.map((value) => value.toLowerCase());
  return (asked) => {
    const name = canonicalName(asked);
    if (hosts[0] === '*') return true;
    return name !== '' && hosts.some((host) => host === '*' || host === name || host === `${name}.`);
  };
}

/** Not lowered, as v2 does, while the name that is asked for is: a capital letter never matches. */
function hostSniV3(host: string): Predicate<Connection> {
  if (host === '*') return () => true;
  if (!/^[\w.\-:]+$/.test(host)) {
    throw new Error(`invalid value for HostSNI matcher, ${JSON.stringify(host)} is not a valid hostname`);
  }
  return (asked) => {
    const name = canonicalName(asked);
    return name !== '' && (host === name || host === `${name}.`);
  };
}

function hostSniRegexp(values: readonly string[]): Predicate<Connection> {
  const found = values.map((value) => goRegexp(sourceOf(value)));
  return (asked) => found.some((matches) => matches(canonicalName(asked)));
}

/** A template's faults are said with words before them; a faulty expression, as it is. */
function sourceOf(value: string): string {
  try {
    return templateOf(value, 'sni').source;
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('mux:')) throw error;
    const before = `invalid pattern value for "HostSNIRegexp" matcher, ${JSON.stringify(value)} is not a valid pattern`;
    throw new Error(`${before}: ${error.message}`, { cause: error });
  }
}

function hostSniRegexpV3(value: string): Predicate<Connection> {
  if (/[^\0-\x7f]/.test(value)) {
    throw new Error(`invalid value for HostSNIRegexp matcher, ${JSON.stringify(value)} is not a valid hostname`);
  }
  try {
    const matches = goRegexp(value);
    return (asked) => matches(canonicalName(asked));
  } catch (error) {
    throw new Error(`compiling HostSNIRegexp matcher: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
