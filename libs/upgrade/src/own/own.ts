/** One's own manifests as cases of an upgrade: a row for each route, with the middlewares that it goes through. Pure. */
import {
  called,
  namespaceOf,
  namespacesOf,
  readOwn,
  requestsOf,
  withStandIns,
  yamlOf,
  type Images,
  type Input,
  type KubeObject,
  type Standing,
} from '@faultline/traefik';
import { status, type Case, type Request } from '../assertion.ts';

export interface Own extends Omit<Standing, 'objects'> {
  readonly cases: readonly Case[];
}

const ROUTES = ['Ingress', 'IngressRoute'];
const MIDDLEWARES = 'traefik.ingress.kubernetes.io/router.middlewares';

/** Of the old release nothing is expected but what it says: of the new one, that it says the same. */
export function ownCases(inputs: readonly Input[], images: Images): Own {
  const read = readOwn(inputs);
  const standing = withStandIns(read.objects, images);
  const { objects } = standing;
  const routes = objects.filter(({ kind }) => ROUTES.includes(kind));
  const values = objects.filter(({ kind }) => kind === 'HelmChartConfig');
  const rest = objects.filter((object) => !routes.includes(object) && !values.includes(object));
  const silent = routes.filter((route) => requestsOf(route).length === 0).map(called);
  return {
    images: standing.images,
    notes: [
      ...read.notes,
      ...standing.notes,
      ...(silent.length > 0
        ? [`applied, and not asked, because no request can be read from them: ${silent.join(', ')}`]
        : []),
    ],
    cases: [
      ...values.map((object) => caseOf(called(object), [object], [])),
      caseOf('what is routed to', [...namespacesOf(objects), ...rest], []),
      ...routes.map((route) => caseOf(called(route), [...through(route, rest), route], requestsOf(route))),
    ].filter(({ manifest }) => manifest !== ''),
  };
}

function caseOf(name: string, objects: readonly KubeObject[], requests: readonly Request[]): Case {
  return {
    name,
    about: `Your ${name}.`,
    manifest: yamlOf(objects),
    assertions: requests.map((request) => ({
      what: urlOf(request),
      requests: [request],
      saw: status,
      expected: null,
    })),
  };
}

function urlOf({ scheme = 'http', host, path, method, headers = {} }: Request): string {
  const sent = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [method, `${scheme}://${host}${path}`, ...sent].filter(Boolean).join(' ');
}

/** What lint says of a middleware it says of every route through it. */
function through(route: KubeObject, all: readonly KubeObject[]): readonly KubeObject[] {
  const names = new Set(route.kind === 'Ingress' ? annotated(route) : referred(route));
  return all.filter(
    (object) =>
      object.kind === 'Middleware' && names.has(`${namespaceOf(object)}/${object.metadata.name}`.toLowerCase()),
  );
}

/** `shop-auth@kubernetescrd`: where the namespace ends is not said, so every place is tried. */
function annotated({ metadata }: KubeObject): readonly string[] {
  const words = (metadata.annotations?.[MIDDLEWARES] ?? '').split(',').map((word) => word.trim().split('@')[0] ?? '');
  return words.flatMap((word) =>
    [...word.matchAll(/-/g)].map(({ index }) => `${word.slice(0, index)}/${word.slice(index + 1)}`.toLowerCase()),
  );
}

function referred(route: KubeObject): readonly string[] {
  const routes = (route.spec?.['routes'] ?? []) as readonly {
    readonly middlewares?: readonly { readonly name: string; readonly namespace?: string }[];
  }[];
  return routes.flatMap(({ middlewares = [] }) =>
    middlewares.map(({ name, namespace = namespaceOf(route) }) => `${namespace}/${name}`.toLowerCase()),
  );
}
