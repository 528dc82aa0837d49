/**
 * The seven assertions of an ingress migration, each with the objects that it is about: what people check by hand when they
 * move from one ingress controller to the next (200, 401, basic auth, rewrite, cookie affinity, 308, upstream host).
 *
 * All are written so that Traefik 2 and 3 read them alike: a clean upgrade keeps every one of them.
 */
import { status, type Case, type Reply, type Request } from './assertion.ts';

/** User and password of the basic-auth case: `faultline` and `upgrade`. */
const USERS = 'faultline:{SHA}fF6D1+cGCkljbg1A848afmRgxh0=';
const CREDENTIALS = 'Basic ZmF1bHRsaW5lOnVwZ3JhZGU=';
const ECHO = 'seven-echo';
const AFFINITY_REQUESTS = 5;

const get = (name: string, path = '/users', more: Partial<Request> = {}): Request => ({
  host: `${name}.seven.test`,
  path,
  ...more,
});

const same = (words: string) => ({ from: words, to: words });

/** @param app image of userlist: what tells the upstream's view runs from it too, by its Node. */
export const seven = (app: string): readonly Case[] => [...gettingIn(app), ...onTheWay()];

const gettingIn = (app: string): readonly Case[] => [
  {
    name: 'seven/200',
    about: 'A plain Ingress by host and path.',
    manifest: yaml(echo(app), echoService(), ingress('plain')),
    assertions: [ask('an Ingress answers 200', [get('plain')], status, '200')],
  },
  {
    name: 'seven/401',
    about: 'Basic auth keeps out who has no credentials.',
    manifest: yaml(secret(), basicAuth(), ingress('auth', 'seven-auth')),
    assertions: [ask('without credentials nobody gets in', [get('auth')], status, '401')],
  },
  {
    name: 'seven/basic-auth',
    about: 'Basic auth lets in who has them.',
    manifest: yaml(ingress('auth-in', 'seven-auth')),
    assertions: [
      ask(
        'with credentials one gets in',
        [get('auth-in', '/users', { headers: { authorization: CREDENTIALS } })],
        status,
        '200',
      ),
    ],
  },
];

const onTheWay = (): readonly Case[] => [
  {
    name: 'seven/rewrite',
    about: 'A path is rewritten on the way.',
    manifest: yaml(
      middleware('seven-rewrite', { replacePathRegex: { regex: '^/api/(.*)', replacement: '/$1' } }),
      ingress('rewrite', 'seven-rewrite', ECHO),
    ),
    assertions: [
      ask('/api/users arrives as /users', [get('rewrite', '/api/users')], arrivedAs('path'), '200 as /users'),
    ],
  },
  {
    name: 'seven/affinity',
    about: 'A cookie keeps a client with its pod.',
    manifest: yaml(stickyService(), ingress('sticky', undefined, 'seven-sticky')),
    assertions: [
      ask(
        `${AFFINITY_REQUESTS} requests with one cookie meet one pod`,
        Array.from({ length: AFFINITY_REQUESTS }, () => get('sticky')),
        podsMet,
        '200 from 1 pod',
      ),
    ],
  },
  {
    name: 'seven/308',
    about: 'http is sent to https for good.',
    manifest: yaml(
      middleware('seven-https', { redirectScheme: { scheme: 'https', permanent: true } }),
      ingress('secure', 'seven-https'),
    ),
    assertions: [
      ask(
        'POST by http is sent to https',
        [get('secure', '/users', { method: 'POST' })],
        redirected,
        '308 to https://secure.seven.test/users',
      ),
    ],
  },
  {
    name: 'seven/upstream-host',
    about: 'The upstream is told another host.',
    manifest: yaml(
      middleware('seven-host', { headers: { customRequestHeaders: { Host: 'upstream.seven.test' } } }),
      ingress('host', 'seven-host', ECHO),
    ),
    assertions: [
      ask('the upstream sees the host that it is told', [get('host')], arrivedAs('host'), '200 as upstream.seven.test'),
    ],
  },
];

function ask(
  what: string,
  requests: readonly Request[],
  saw: (replies: readonly Reply[]) => string,
  expected: string,
): Case['assertions'][number] {
  return { what, requests, saw, expected: same(expected) };
}

/** What the echo says of the request that it got. */
const arrivedAs =
  (what: 'path' | 'host') =>
  (replies: readonly Reply[]): string => {
    const [reply] = replies;
    if (reply?.status !== 200) return status(replies);
    try {
      const { [what]: arrived } = JSON.parse(reply.body) as Readonly<Record<string, string>>;
      return `200 as ${arrived ?? 'nothing'}`;
    } catch {
      return '200, and no echo';
    }
  };

/** Where several pods answered, how many is chance: it is not said. */
function podsMet(replies: readonly Reply[]): string {
  const bad = replies.find((reply) => reply.status !== 200);
  if (bad) return status([bad]);
  const pods = new Set(replies.map(({ headers }) => headers['x-answered-by']));
  return pods.size === 1 ? '200 from 1 pod' : '200 from several pods';
}

const redirected = (replies: readonly Reply[]): string => {
  const to = replies[0]?.headers['location'];
  return to === undefined ? status(replies) : `${status(replies)} to ${to}`;
};

const NAMESPACE = 'default';
const metadata = (name: string, annotations?: Readonly<Record<string, string>>) => ({
  name,
  namespace: NAMESPACE,
  labels: { 'app.kubernetes.io/managed-by': 'faultline' },
  ...(annotations && { annotations }),
});

/** JSON is YAML; a text that begins with a brace is read by kubectl as JSON and nothing else. */
const yaml = (...objects: readonly object[]): string =>
  objects.map((object) => `---\n${JSON.stringify(object, null, 2)}\n`).join('');

const middleware = (name: string, spec: object) => ({
  apiVersion: 'traefik.io/v1alpha1',
  kind: 'Middleware',
  metadata: metadata(name),
  spec,
});

const secret = () => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: metadata('seven-auth'),
  stringData: { users: USERS },
});
const basicAuth = () => middleware('seven-auth', { basicAuth: { secret: 'seven-auth' } });

function ingress(name: string, by?: string, service = 'userlist'): object {
  const annotations = by && { 'traefik.ingress.kubernetes.io/router.middlewares': `${NAMESPACE}-${by}@kubernetescrd` };
  const backend = { service: { name: service, port: { number: 80 } } };
  const http = { paths: [{ path: '/', pathType: 'Prefix', backend }] };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: metadata(`seven-${name}`, annotations || undefined),
    spec: { ingressClassName: 'traefik', rules: [{ host: `${name}.seven.test`, http }] },
  };
}

const APP = { 'app.kubernetes.io/name': 'userlist' };
const service = (
  name: string,
  selector: object,
  targetPort: number,
  annotations?: Readonly<Record<string, string>>,
) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: metadata(name, annotations),
  spec: { selector, ports: [{ name: 'http', port: 80, targetPort }] },
});

/** Several endpoints of userlist, and a cookie. */
const stickyService = () =>
  service('seven-sticky', APP, 8181, {
    'traefik.ingress.kubernetes.io/service.sticky.cookie': 'true',
    'traefik.ingress.kubernetes.io/service.sticky.cookie.name': 'seven',
  });

const echoService = () => service(ECHO, { app: ECHO }, 8080);

/** Says what it got: userlist does not. */
const SAY = `require('node:http').createServer((request, response) => {
  const { url: path, headers: { host } } = request;
  response.end(JSON.stringify({ path, host }));
}).listen(8080);
process.on('SIGTERM', () => process.exit(0));`;

function echo(app: string): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata(ECHO),
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: ECHO } },
      template: {
        metadata: { labels: { app: ECHO } },
        spec: {
          automountServiceAccountToken: false,
          terminationGracePeriodSeconds: 1,
          securityContext: { runAsNonRoot: true, runAsUser: 65532 },
          containers: [
            {
              name: 'echo',
              image: app,
              imagePullPolicy: 'IfNotPresent',
              command: ['/usr/local/bin/node', '-e', SAY],
              ports: [{ containerPort: 8080 }],
              readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
            },
          ],
        },
      },
    },
  };
}
