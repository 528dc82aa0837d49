/** What scenarios of the Ingress specification are made of: backends that are told apart by their pods' names, and Ingresses. */
import type { Assertion, Case, Reply, Request } from '../assertion.ts';

const BACKENDS = ['one', 'two', 'three'] as const;
export type Backend = (typeof BACKENDS)[number];
/** Of the backend `one`: the others have one pod each. */
export const PODS: number = 3;
export const HOST: string = 'ingress.test';

/** A Deployment and a Service for each backend. @param app image of the userlist. */
export const backends = (app: string): string => BACKENDS.map((name) => backend(name, app)).join('---\n');

function backend(name: Backend, app: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: back-${name}, namespace: default}
spec:
  replicas: ${name === 'one' ? PODS : 1}
  selector: {matchLabels: {back: ${name}}}
  template:
    metadata: {labels: {back: ${name}}}
    spec:
      automountServiceAccountToken: false
      containers:
        - name: app
          image: ${app}
          imagePullPolicy: IfNotPresent
          env:
            - {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
            - {name: NODE_NAME, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
          readinessProbe: {httpGet: {path: /healthz, port: 8181}, periodSeconds: 1}
---
apiVersion: v1
kind: Service
metadata: {name: back-${name}, namespace: default}
spec:
  selector: {back: ${name}}
  ports: [{port: 80, targetPort: 8181}]
`;
}

/** `back-one-5d9c-x2f@server-0` is `one`; without a name nobody's pod answered. */
export function answeredBy({ headers }: Reply): string {
  return /^back-(one|two|three)-/.exec(headers['x-answered-by'] ?? '')?.[1] ?? 'nobody';
}

export const podOf = ({ headers }: Reply): string => headers['x-answered-by'] ?? '';

/** Path, who should answer, and why in the specification's words. */
export type Expected = readonly [path: string, by: Backend | 'nobody', host?: string];

export function asserting([path, by, host]: Expected, own: string): Assertion {
  const request: Request = { host: host ?? own, path };
  return {
    what: `${request.host}${path} is answered by ${by}`,
    requests: [request],
    saw: ([reply]) => (reply ? answeredBy(reply) : 'nothing was asked'),
    expected: { from: by, to: by },
  };
}

export interface Path {
  readonly path: string;
  readonly type: 'Prefix' | 'Exact';
  readonly to: Backend;
}

export const prefix = (path: string, to: Backend = 'one'): Path => ({ path, type: 'Prefix', to });
export const exact = (path: string, to: Backend = 'one'): Path => ({ path, type: 'Exact', to });

const pathLine = ({ path, type, to }: Path): string =>
  `          - {path: '${path}', pathType: ${type}, backend: {service: {name: back-${to}, port: {number: 80}}}}`;

export function ingress(
  name: string,
  host: string | undefined,
  paths: readonly Path[],
  more = 'ingressClassName: traefik',
): string {
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: ${name}, namespace: default}
spec:
  ${more}
  rules:
    - ${host === undefined ? '' : `host: '${host}'\n      `}http:
        paths:
${paths.map(pathLine).join('\n')}
`;
}

/** A row of the specification's table of examples, on a host of its own. */
export function pathCase(name: string, about: string, given: readonly Path[], expected: readonly Expected[]): Case {
  const host = `${name}.${HOST}`;
  return {
    name: `path-rules/${name}`,
    about,
    manifest: ingress(`conf-${name}`, host, given),
    assertions: expected.map((one) => asserting(one, host)),
  };
}
