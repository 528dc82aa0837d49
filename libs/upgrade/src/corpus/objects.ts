/**
 * Rows that are objects: all applied at once to the k3s that runs, each with hosts of its own, and asked by a client on the
 * LAN through the Traefik that k3s ships; then what `--fix` makes of them.
 */
import type { Commander } from '@faultline/control';
import { done, notYet, waitFor } from '@faultline/control';
import type { ExpectedRequest } from '@faultline/traefik';
import type { Door } from '../assertion.ts';
import { ask, askUrl } from './ask.ts';
import { requestOf, sawOf } from './expected.ts';
import { inGroups, type Kubectl } from './kube.ts';
import { documentsOf, type Row } from './row.ts';
import type { RouterSeen, RowSeen } from './seen.ts';

export interface Asking {
  readonly kubectl: Kubectl;
  readonly client: Commander;
  /** From it, pods and Services are reached by their own addresses. */
  readonly node: Commander;
  readonly door: Door;
  readonly signal: AbortSignal;
}

export interface Applied {
  readonly applied: string;
  readonly saw: readonly string[];
  readonly routers: readonly RouterSeen[];
}

const AT_ONCE = 6;

/** What came of each row's objects, as they are in `textOf`. */
export async function seeObjects(
  rows: readonly Row[],
  textOf: (row: Row) => string,
  stage: string,
  asking: Asking,
): Promise<ReadonlyMap<string, Applied>> {
  const said = await inGroups(rows, AT_ONCE, (row) => asking.kubectl.apply(textOf(row)));
  const routers = await untilRead(stage, asking);
  const saw = await inGroups(rows, AT_ONCE, ({ expectation }) => askAll(expectation.requests ?? [], asking));
  return new Map(
    rows.map((row, index) => [
      row.name,
      { applied: said[index] ?? '', saw: saw[index] ?? [], routers: routersOf(textOf(row), routers) },
    ]),
  );
}

export async function askAll(requests: readonly ExpectedRequest[], asking: Asking): Promise<readonly string[]> {
  const saw: string[] = [];
  for (const request of requests) saw.push(sawOf(await askOne(request, asking), request));
  return saw;
}

async function askOne(request: ExpectedRequest, { kubectl, client, node, door, signal }: Asking) {
  if (request.at === undefined) return ask(client, door, requestOf(request), signal);
  const address = await addressOf(request.at, kubectl);
  return askUrl(node, `http://${address}${request.path}`, signal);
}

/** `pod:9100` is a port of Traefik's pod, `kube-system/traefik-ping:9000` one of a Service. */
async function addressOf(at: string, kubectl: Kubectl): Promise<string> {
  const [where = '', port = ''] = at.split(':');
  if (where === 'pod') {
    const traefik = ['pods', '--namespace=kube-system', '--selector=app.kubernetes.io/name=traefik'];
    const [pod] = await kubectl.items<{ status: { podIP: string } }>(
      ...traefik,
      '--field-selector=status.phase=Running',
    );
    return `${pod?.status.podIP}:${port}`;
  }
  const [namespace = '', name = ''] = where.split('/');
  const service = await kubectl.read<{ spec: { clusterIP: string } }>('service', name, `--namespace=${namespace}`);
  return `${service.spec.clusterIP}:${port}`;
}

type RawRouters = Readonly<
  Record<string, { readonly rule: string; readonly status: string; readonly error?: readonly string[] }>
>;

/**
 * Traefik reads all objects of a kind at once: when it has those that were applied last, it has the others too. One is a
 * route to Traefik's own API, which says what has become of all routers.
 */
async function untilRead(stage: string, { kubectl, client, door, signal }: Asking): Promise<RawRouters> {
  const hosts = { api: `api-${stage}.corpus.test`, ingress: `ingress-${stage}.corpus.test` };
  const said = await kubectl.apply(lastObjects(stage, hosts));
  if (said !== 'applied') throw new Error(`the corpus' own routes were ${said}`);
  return waitFor(
    `Traefik has read what was applied (${stage})`,
    async (until) => {
      const api = await ask(client, door, { host: hosts.api, path: '/api/rawdata' }, until);
      const ingress = await ask(client, door, { host: hosts.ingress, path: '/healthz' }, until);
      if (api.status !== 200 || ingress.status !== 200) return notYet(`${api.status} and ${ingress.status}`);
      const { routers = {}, tcpRouters = {} } = JSON.parse(api.body) as Record<string, RawRouters>;
      return done({ ...routers, ...tcpRouters });
    },
    { signal, withinMs: 60_000, everyMs: 500 },
  );
}

const lastObjects = (stage: string, hosts: { api: string; ingress: string }): string => `apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: corpus-api-${stage}, namespace: default}
spec:
  entryPoints: [web]
  routes:
    - match: Host(\`${hosts.api}\`)
      kind: Rule
      services: [{kind: TraefikService, name: api@internal}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: corpus-ingress-${stage}, namespace: default}
spec:
  ingressClassName: traefik
  rules:
    - host: ${hosts.ingress}
      http:
        paths: [{path: /, pathType: Prefix, backend: {service: {name: userlist, port: {number: 80}}}}]
`;

/** Traefik calls a router by the namespace and the name of its object. */
function routersOf(text: string, routers: RawRouters): readonly RouterSeen[] {
  const names = documentsOf(text)
    .filter((document) => /^kind: Ingress/m.test(document))
    .flatMap((document) => /^ {2}name: (\S+)$/m.exec(document)?.[1] ?? []);
  return Object.entries(routers)
    .filter(([name]) => names.some((own) => isOf(own, name)))
    .map(([name, { rule, status, error = [] }]) => ({ name, rule, status, errors: error }));
}

/** `default-g03-<hash>@kubernetescrd`, `web-default-g01-g01-test-users@kubernetes`. */
const isOf = (own: string, name: string): boolean =>
  new RegExp(String.raw`default-${own}-([0-9a-f]+@kubernetescrd|.*@kubernetes)$`).test(name);

/** The rows as they were first applied. */
export const seenOf = ({ applied, saw, routers }: Applied): RowSeen => ({ applied, saw, routers });
