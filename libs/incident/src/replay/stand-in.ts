/**
 * Whatever ran in somebody's pods is replaced by userlist: on the same ports, as often, in the same places, ready and alive at
 * the same pace. Pure.
 */
import { called, namespaceOf, type KubeObject } from '@faultline/traefik';
import type { Bundle } from '../bundle/bundle.ts';

/** Of one workload: more would measure the memory of this host. */
export const MOST_REPLICAS = 20;
const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet'];
/** What a container without a port listens on, so that it is alive: the first of them. */
const UNASKED_PORT = 48_000;

interface Port {
  readonly name?: string;
  readonly containerPort: number;
  readonly hostPort?: number;
  readonly protocol?: string;
}

interface Probe extends Readonly<Record<string, unknown>> {
  readonly httpGet?: { readonly port: number | string };
  readonly tcpSocket?: { readonly port: number | string };
  readonly grpc?: { readonly port: number | string };
}

interface Container {
  readonly name: string;
  readonly ports?: readonly Port[];
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly startupProbe?: Probe;
}

interface Spec {
  readonly replicas?: number;
  readonly template?: {
    readonly metadata?: { readonly labels?: Labels };
    readonly spec?: { readonly containers?: readonly Container[] } & Readonly<Record<string, unknown>>;
  } & Readonly<Record<string, unknown>>;
}

type Labels = Readonly<Record<string, string>>;

interface ServiceSpec {
  readonly type?: string;
  readonly selector?: Labels;
  readonly ports?: readonly {
    readonly port: number;
    readonly targetPort?: number | string;
    readonly protocol?: string;
  }[];
}

/** The objects, with userlist where somebody's images were, and something behind each Service that had endpoints. */
export function standing({ objects, about }: Pick<Bundle, 'objects' | 'about'>, app: string): readonly KubeObject[] {
  const services = objects.filter(({ kind }) => kind === 'Service');
  const workloads = objects.filter(({ kind }) => WORKLOADS.includes(kind));
  const lonely = services.flatMap((service) => {
    if (workloads.some((workload) => isBehind(workload, service))) return [];
    const seen = about.seen.find(({ what }) => what === `Endpoints ${namespaceOf(service)}/${service.metadata.name}`);
    const replicas = Number(/^\d+/.exec(seen?.saw ?? '')?.[0] ?? 0);
    return replicas > 0 ? [behind(service, replicas)] : [];
  });
  return [...objects, ...lonely].map((object) =>
    WORKLOADS.includes(object.kind) ? stoodIn(object, services, app) : object,
  );
}

const specOf = (object: KubeObject): Spec => object.spec ?? {};
const labelsOf = (workload: KubeObject): Labels => specOf(workload).template?.metadata?.labels ?? {};

function isBehind(workload: KubeObject, service: KubeObject): boolean {
  const { selector = {} } = (service.spec ?? {}) as ServiceSpec;
  const wanted = Object.entries(selector);
  if (wanted.length === 0 || namespaceOf(workload) !== namespaceOf(service)) return false;
  return wanted.every(([key, value]) => labelsOf(workload)[key] === value);
}

/** What makes its pods is of a kind that is not kept. */
function behind(service: KubeObject, replicas: number): KubeObject {
  const { selector = {}, ports = [] } = (service.spec ?? {}) as ServiceSpec;
  const named = ports.flatMap(({ port, targetPort }) =>
    typeof targetPort === 'string' ? [{ name: targetPort, containerPort: port }] : [],
  );
  const { name, namespace } = service.metadata;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: `stand-in-${name}`.slice(0, 63), ...(namespace !== undefined && { namespace }) },
    spec: {
      replicas,
      selector: { matchLabels: selector },
      template: { metadata: { labels: selector }, spec: { containers: [{ name: 'app', ports: named }] } },
    },
  };
}

function stoodIn(workload: KubeObject, services: readonly KubeObject[], app: string): KubeObject {
  const { template, replicas, ...spec } = specOf(workload);
  const containers = template?.spec?.containers ?? [];
  const asked = services.filter((service) => isBehind(workload, service)).flatMap(numbersOf);
  return {
    ...workload,
    metadata: { ...workload.metadata, annotations: { 'faultline/stands-in-for': called(workload) } },
    spec: {
      ...spec,
      ...(workload.kind !== 'DaemonSet' && { replicas: Math.min(MOST_REPLICAS, replicas ?? 1) }),
      template: {
        ...template,
        spec: {
          ...template?.spec,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          containers: userlists(containers, asked, app),
        },
      },
    },
  };
}

/** Ports that Services send to by number: a container need not name them. */
const numbersOf = ({ spec }: KubeObject): readonly Port[] =>
  ((spec ?? {}) as ServiceSpec).ports?.flatMap(({ port, targetPort = port, protocol }) =>
    typeof targetPort === 'number' ? [{ containerPort: targetPort, ...(protocol !== undefined && { protocol }) }] : [],
  ) ?? [];

interface Listening {
  readonly port: Port;
  /** Whose probes it answers. */
  readonly of: Container | undefined;
}

/** userlist listens on one port: a container for each. */
function userlists(containers: readonly Container[], asked: readonly Port[], app: string): readonly object[] {
  const own = containers.flatMap((of, index): readonly Listening[] => {
    const probed = portsProbed(of).map((containerPort) => ({ containerPort }));
    const ports = distinct([...(of.ports ?? []), ...probed]);
    return (ports.length > 0 ? ports : [{ containerPort: UNASKED_PORT + index }]).map((port) => ({ port, of }));
  });
  const all = [...own, ...asked.map((port) => ({ port, of: undefined }))];
  const each = [...new Map(all.toReversed().map((one) => [keyOf(one.port), one])).values()].toReversed();
  return each.map(({ port, of }, index) => userlist(port, of, { index, app }));
}

const keyOf = ({ containerPort, protocol = 'TCP' }: Port): string => `${containerPort}/${protocol}`;
const distinct = (ports: readonly Port[]): readonly Port[] => [
  ...new Map(ports.toReversed().map((port) => [keyOf(port), port])).values(),
];

function portsProbed({ readinessProbe, livenessProbe, startupProbe }: Container): readonly number[] {
  return [readinessProbe, livenessProbe, startupProbe].map(portOf).filter((port) => typeof port === 'number');
}

const portOf = (probe: Probe | undefined): number | string | undefined =>
  (probe?.httpGet ?? probe?.tcpSocket ?? probe?.grpc)?.port;

function userlist(port: Port, of: Container | undefined, { index, app }: { index: number; app: string }): object {
  const { containerPort, protocol = 'TCP' } = port;
  const isUdp = protocol === 'UDP';
  // What it does not listen on for anybody, it listens on where nobody is.
  const spare = 40_000 + index;
  const answers = { tcpSocket: { port: isUdp ? spare : containerPort } };
  const probe = (given: Probe | undefined) => given && { ...paceOf(given), ...answers };
  const isMine = (given: Probe | undefined) => [containerPort, port.name].includes(portOf(given));
  const probes = {
    readinessProbe: probe(of?.readinessProbe) ?? { ...answers, periodSeconds: 1 },
    ...(isMine(of?.livenessProbe) && { livenessProbe: probe(of?.livenessProbe) }),
    ...(isMine(of?.startupProbe) && { startupProbe: probe(of?.startupProbe) }),
  };
  return {
    name: `userlist-${containerPort}${isUdp ? '-udp' : ''}`,
    image: app,
    imagePullPolicy: 'IfNotPresent',
    // Below 1024 only root may listen.
    securityContext: { runAsUser: containerPort < 1024 ? 0 : 65532 },
    env: [
      { name: 'PORT', value: String(isUdp ? spare : containerPort) },
      { name: 'ECHO_PORT', value: String(isUdp ? containerPort : spare) },
      { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
    ],
    ports: [port],
    ...probes,
  };
}

/** How often and how patiently it is asked; what it was asked, userlist would not know. */
function paceOf(probe: Probe): Readonly<Record<string, unknown>> {
  const { httpGet: _http, tcpSocket: _tcp, grpc: _grpc, ...pace } = probe;
  return pace;
}
