/** What is seen of a cluster without asking it anything: what its objects say of how they are. In words that hold in a replay too. Pure. */
import type { Seen } from '../bundle/bundle.ts';
import { nameOf, type RawObject } from './object.ts';
import type { Naming } from './naming.ts';
import type { NodeOf } from './nodes.ts';
import { labelsOf, whyNotTheirs } from './theirs.ts';

/** Of each cluster's own that decides how clients are served. */
const OWN = [
  'Deployment kube-system/traefik',
  'DaemonSet kube-system/traefik',
  'Deployment kube-system/coredns',
  'Service kube-system/traefik',
];

const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet'];
const INSTALLS = /^helm-install-traefik/;

/** @returns sorted, each about one thing. */
export function seenOf(all: readonly RawObject[], nodes: readonly NodeOf[], naming: Naming): readonly Seen[] {
  const shown = all.filter((raw) => OWN.includes(nameOf(raw)) || whyNotTheirs(raw) === undefined);
  const seen = [
    ...nodes.map(({ name, ready }) => ({ what: `Node ${name}`, saw: ready ? 'Ready' : 'NotReady' })),
    ...shown.filter(({ kind }) => WORKLOADS.includes(kind)).map(workload),
    ...shown
      .filter(({ kind }) => kind === 'Service')
      .flatMap((raw) => [endpoints(raw, all), ...addresses(raw, naming)]),
    ...shown.filter(({ kind }) => kind === 'Ingress').flatMap((raw) => addresses(raw, naming)),
    ...all.filter(({ kind, metadata }) => kind === 'Job' && INSTALLS.test(metadata.name)).map(job),
  ].filter((one) => one !== undefined);
  return seen.toSorted((a, b) => (a.what < b.what ? -1 : 1));
}

interface Counted {
  readonly replicas?: number;
  readonly readyReplicas?: number;
  readonly numberReady?: number;
  readonly desiredNumberScheduled?: number;
}

function workload(raw: RawObject): Seen {
  const { replicas = 1 } = (raw.spec ?? {}) as Counted;
  const { readyReplicas = 0, numberReady = 0, desiredNumberScheduled = 0 } = (raw.status ?? {}) as Counted;
  const [ready, wanted] = raw.kind === 'DaemonSet' ? [numberReady, desiredNumberScheduled] : [readyReplicas, replicas];
  return { what: nameOf(raw), saw: `${ready} of ${wanted} ready` };
}

interface Endpoint {
  readonly conditions?: { readonly ready?: boolean; readonly terminating?: boolean };
  readonly addresses?: readonly string[];
}

/** By pods: a Service with two ports, or two families of addresses, has each pod once. */
function endpoints(service: RawObject, all: readonly RawObject[]): Seen | undefined {
  const { name, namespace } = service.metadata;
  const { selector } = (service.spec ?? {}) as { selector?: unknown };
  if (selector === undefined) return undefined;
  const slices = all.filter(
    (raw) =>
      raw.kind === 'EndpointSlice' &&
      raw.metadata.namespace === namespace &&
      labelsOf(raw)['kubernetes.io/service-name'] === name &&
      raw['addressType'] === 'IPv4',
  );
  const ready = new Map<string, boolean>();
  for (const { conditions, addresses: own = [] } of slices.flatMap(
    (raw) => (raw['endpoints'] ?? []) as readonly Endpoint[],
  )) {
    // A pod that leaves is on its way, and not what anybody would see again.
    if (conditions?.terminating === true) continue;
    const [address = ''] = own;
    ready.set(address, (ready.get(address) ?? false) || conditions?.ready !== false);
  }
  const saw = `${[...ready.values()].filter(Boolean).length} of ${ready.size} ready`;
  return { what: `Endpoints ${namespace}/${name}`, saw };
}

interface Given {
  readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[] };
}

/** Which nodes answer at their own addresses; a virtual one is another in each cluster. */
function addresses(raw: RawObject, naming: Naming): readonly Seen[] {
  const { type } = (raw.spec ?? {}) as { type?: string };
  if (raw.kind === 'Service' && type !== 'LoadBalancer') return [];
  const given = ((raw.status ?? {}) as Given).loadBalancer?.ingress ?? [];
  const places = given.map(({ ip = '' }) => naming.nodeAt(ip) ?? 'a virtual address');
  return [{ what: `Addresses of ${nameOf(raw)}`, saw: [...new Set(places)].toSorted().join(', ') || 'none' }];
}

/** Helm tries again until it is through: that it was through is what remains. */
function job(raw: RawObject): Seen {
  const { succeeded = 0, failed = 0 } = (raw.status ?? {}) as { succeeded?: number; failed?: number };
  return { what: nameOf(raw), saw: succeeded > 0 ? 'through' : failed > 0 ? 'failing' : 'not through' };
}
