/**
 * Whose images cannot be had is replaced by userlist on the same ports: an upgrade of Traefik is about how requests get there,
 * not about what answers them. Pure.
 */
import { called, namespaceOf, type KubeObject } from './objects.ts';

export interface Standing {
  readonly objects: readonly KubeObject[];
  /** Images of theirs that are at hand, and that nodes are to have. */
  readonly images: readonly string[];
  readonly notes: readonly string[];
}

export interface Images {
  readonly app: string;
  /** Whether the engine has an image. */
  readonly isAtHand: (image: string) => boolean;
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly ports?: readonly { readonly containerPort: number; readonly name?: string }[];
}

interface PodTemplate {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: { readonly containers?: readonly Container[]; readonly initContainers?: readonly Container[] };
}

interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly targetPort?: number | string;
}

const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'];
const MOST_REPLICAS = 2;

export function withStandIns(all: readonly KubeObject[], images: Images): Standing {
  const notes: string[] = [];
  const had = new Set<string>();
  const objects = all.flatMap((object): readonly KubeObject[] => {
    if (['Job', 'CronJob'].includes(object.kind)) {
      notes.push(`${called(object)}: left out, nothing is routed to it`);
      return [];
    }
    if (object.kind === 'Service') return [tamed(object, notes)];
    if (!WORKLOADS.includes(object.kind)) return [object];
    const wanted = imagesOf(object);
    if (wanted.every((image) => images.isAtHand(image))) {
      for (const image of wanted) had.add(image);
      return [object];
    }
    notes.push(`${called(object)}: ${wanted.join(', ')} cannot be had; userlist stands in on the same ports`);
    return [standIn(called(object), object, portsOf(object), images.app)];
  });
  const lonely = objects.filter((object) => object.kind === 'Service' && isLonely(object, objects));
  for (const service of lonely)
    notes.push(`${called(service)}: nothing of yours is behind it; userlist stands in on its ports`);
  return { objects: [...objects, ...lonely.map((service) => behind(service, images.app))], images: [...had], notes };
}

const templateOf = ({ spec }: KubeObject): PodTemplate => spec?.['template'] ?? {};

const imagesOf = (object: KubeObject): readonly string[] => {
  const { containers = [], initContainers = [] } = templateOf(object).spec ?? {};
  return [...containers, ...initContainers].map(({ image }) => image);
};

const portsOf = (object: KubeObject): readonly { readonly number: number; readonly name: string | undefined }[] =>
  (templateOf(object).spec?.containers ?? []).flatMap(({ ports = [] }) =>
    ports.map(({ containerPort, name }) => ({ number: containerPort, name })),
  );

/** A port of the node belongs to Traefik here. */
function tamed(service: KubeObject, notes: string[]): KubeObject {
  const { type, clusterIP: _ip, clusterIPs: _ips, loadBalancerIP: _lb, ...spec } = service.spec ?? {};
  if (type === 'ExternalName') return service;
  const isHeadless = service.spec?.['clusterIP'] === 'None';
  if (type === 'LoadBalancer' || type === 'NodePort')
    notes.push(`${called(service)}: a ClusterIP here, instead of ${type}`);
  return { ...service, spec: { ...spec, ...(isHeadless && { clusterIP: 'None' }) } };
}

function isLonely(service: KubeObject, objects: readonly KubeObject[]): boolean {
  const selector = Object.entries((service.spec?.['selector'] ?? {}) as Readonly<Record<string, string>>);
  if (selector.length === 0) return false;
  return !objects.some((object) => {
    if (!WORKLOADS.includes(object.kind) || namespaceOf(object) !== namespaceOf(service)) return false;
    const labels = templateOf(object).metadata?.labels ?? {};
    return selector.every(([key, value]) => labels[key] === value);
  });
}

function behind(service: KubeObject, app: string): KubeObject {
  const ports = ((service.spec?.['ports'] ?? []) as readonly ServicePort[]).map(({ port, targetPort = port, name }) =>
    typeof targetPort === 'number' ? { number: targetPort, name } : { number: port, name: targetPort },
  );
  const labels = service.spec?.['selector'] as Readonly<Record<string, string>>;
  const template = { metadata: { labels } };
  const { name, namespace } = service.metadata;
  const metadata = { name: `stand-in-${name}`.slice(0, 63), ...(namespace && { namespace }) };
  const object: KubeObject = { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { template } };
  return standIn(called(service), object, ports, app);
}

/** A container for each port: userlist listens on one. */
function standIn(
  what: string,
  workload: KubeObject,
  ports: readonly { readonly number: number; readonly name: string | undefined }[],
  app: string,
): KubeObject {
  const { metadata, spec } = workload;
  const labels = templateOf(workload).metadata?.labels ?? { app: metadata.name };
  const distinct = [...new Map(ports.map((port) => [port.number, port])).values()];
  const listening = distinct.length > 0 ? distinct : [{ number: 8181, name: undefined }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...metadata, annotations: { ...metadata.annotations, 'faultline/stands-in-for': what } },
    spec: {
      replicas: Math.min(MOST_REPLICAS, Number(spec?.['replicas'] ?? 1)),
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          containers: listening.map(({ number, name }, index) => ({
            name: `userlist-${number}`,
            image: app,
            imagePullPolicy: 'IfNotPresent',
            // Below 1024 only root may listen.
            securityContext: { runAsUser: number < 1024 ? 0 : 65532 },
            env: [
              { name: 'PORT', value: String(number) },
              { name: 'ECHO_PORT', value: String(40_000 + index) },
            ],
            ports: [{ containerPort: number, ...(name && { name: name.slice(0, 15) }) }],
            readinessProbe: { tcpSocket: { port: number }, periodSeconds: 1 },
          })),
        },
      },
    },
  };
}
