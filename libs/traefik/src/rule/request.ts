/** What a rule is asked about, and how Traefik reads it. */

export interface HttpRequest {
  /** The Host header, with its port where it has one. */
  readonly host: string;
  /** Decoded, without the query: Go's `URL.Path`. (From v3.4.1 on reserved characters stay encoded: `/a%2Fb`.) */
  readonly path: string;
  /** `GET` where it is not said. */
  readonly method?: string;
  /** Without `Host`, which Go takes out of the headers. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Decoded pairs, in their order. */
  readonly query?: readonly (readonly [key: string, value: string])[];
  /** The peer's address; no X-Forwarded-For. */
  readonly clientIp?: string;
}

export interface Connection {
  /** SNI; empty: none was sent. */
  readonly serverName: string;
  readonly clientIp?: string;
  readonly alpn?: readonly string[];
}

/** v2.11.18 pkg/middlewares/requestdecorator, pkg/types CanonicalDomain; the same in v3.3.6. */
export function canonicalHost(host: string): string {
  const isBracketed = host.startsWith('[') && host.endsWith(']');
  return (splitHostPort(host) ?? (isBracketed ? host.slice(1, -1) : host)).trim().toLowerCase();
}

/** containous/mux b2dd784 regexp.go parseHost: the brackets of an IPv6 address without a port stay, and so does its case. */
export function muxHost(host: string): string {
  return splitHostPort(host) ?? host;
}

/** Go's net.SplitHostPort; undefined: it has no port, or is malformed. */
function splitHostPort(address: string): string | undefined {
  const colon = address.lastIndexOf(':');
  if (colon < 0) return undefined;
  if (!address.startsWith('[')) {
    const host = address.slice(0, colon);
    return /[:[\]]/.test(host) ? undefined : host;
  }
  const close = address.indexOf(']');
  return close >= 0 && close + 1 === colon ? address.slice(1, close) : undefined;
}

const TOKEN = /^[!#$%&'*+\-.^_`|~\da-zA-Z]+$/;

/** Go's http.CanonicalHeaderKey: `x-a` is `X-A`; what is no header's name stays as it is. */
export function canonicalHeader(name: string): string {
  if (!TOKEN.test(name)) return name;
  return name.toLowerCase().replace(/(?:^|-)[a-z]/g, (begin) => begin.toUpperCase());
}

/** The values of a header; undefined: it was not sent. */
export function headerValues(request: HttpRequest, name: string): readonly string[] | undefined {
  const key = canonicalHeader(name);
  const found = Object.entries(request.headers ?? {}).filter(([sent]) => canonicalHeader(sent) === key);
  return found.length === 0 ? undefined : found.flatMap(([, value]) => value);
}

/** The values of a query parameter, in their order; empty: it was not sent. */
export function queryValues(request: HttpRequest, key: string): readonly string[] {
  return (request.query ?? []).filter(([name]) => name === key).map(([, value]) => value);
}
