/** Requests that a route of one's own should answer, read from the route. Pure. */
import { matchesOf, parseRule, type Match } from '../rule/index.ts';
import type { KubeObject } from './objects.ts';

/** One request that a route is there for. */
export interface RouteRequest {
  readonly host: string;
  /** With its query, as it is sent. */
  readonly path: string;
  /** `http` unless told: the entry point web, or websecure with whatever certificate it has. */
  readonly scheme?: 'http' | 'https';
  /** GET unless told. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Of one object; more say nothing new. */
const MOST = 8;
const ANY_HOST = 'any.faultline.test';
const ENTRY_POINTS = 'traefik.ingress.kubernetes.io/router.entrypoints';

export function requestsOf(object: KubeObject): readonly RouteRequest[] {
  if (object.kind === 'Ingress') return ofIngress(object).slice(0, MOST);
  return object.kind === 'IngressRoute' ? ofRoute(object).slice(0, MOST) : [];
}

interface IngressRule {
  readonly host?: string;
  readonly http?: { readonly paths?: readonly { readonly path?: string }[] };
}

function ofIngress({ spec, metadata }: KubeObject): readonly RouteRequest[] {
  const at = (metadata.annotations?.[ENTRY_POINTS] ?? '').split(',').filter(Boolean);
  const scheme = schemeAt(at);
  const rules = (spec?.['rules'] ?? []) as readonly IngressRule[];
  const asked = rules.flatMap(({ host = ANY_HOST, http }) =>
    (http?.paths ?? []).map(({ path = '/' }) => ({ host: host.replace(/^\*/, 'any'), path, ...scheme })),
  );
  return asked.length > 0 ? asked : [{ host: ANY_HOST, path: '/', ...scheme }];
}

/** Only where web is not among them. */
const schemeAt = (entryPoints: readonly string[]): Pick<RouteRequest, 'scheme'> =>
  entryPoints.length > 0 && !entryPoints.includes('web') ? { scheme: 'https' } : {};

function ofRoute({ spec }: KubeObject): readonly RouteRequest[] {
  const scheme = schemeAt((spec?.['entryPoints'] ?? []) as readonly string[]);
  const routes = (spec?.['routes'] ?? []) as readonly { readonly match?: string; readonly syntax?: string }[];
  return routes.flatMap(({ match = '' }) => ofRule(match).map((request) => ({ ...request, ...scheme })));
}

/** By the names and paths that stand in it: what a pattern would take is not guessed. */
function ofRule(rule: string): readonly RouteRequest[] {
  const matches = matchesIn(rule);
  const textsOf = (...matchers: readonly string[]): readonly string[] =>
    matches.filter(({ matcher }) => matchers.includes(matcher)).flatMap(({ values }) => values.map(({ text }) => text));
  const hosts = textsOf('Host', 'HostHeader');
  const paths = textsOf('Path', 'PathPrefix').filter((path) => !path.includes('{'));
  if (hosts.length === 0 && paths.length === 0) return [];
  const [method] = textsOf('Method');
  const headers = Object.fromEntries(
    matches
      .filter(({ matcher }) => matcher === 'Header' || matcher === 'Headers')
      .map(({ values: [name, value] }) => [name?.text ?? '', value?.text ?? '']),
  );
  return (hosts.length > 0 ? hosts : [ANY_HOST]).flatMap((host) =>
    (paths.length > 0 ? paths : ['/']).map((path) => ({
      host,
      path,
      ...(method && { method }),
      ...(Object.keys(headers).length > 0 && { headers }),
    })),
  );
}

/** A rule is written for one of both generations; what neither reads has nothing to be asked. */
function matchesIn(rule: string): readonly Match[] {
  for (const generation of ['v2', 'v3'] as const) {
    try {
      return matchesOf(parseRule(rule, generation));
    } catch {
      continue;
    }
  }
  return [];
}
