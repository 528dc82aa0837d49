/** What matters of a Kubernetes object, for the history: a few short values. Pure. */
import type { EventOf } from '@faultline/history';
import type {
  CoreV1Event,
  V1EndpointSlice,
  V1Lease,
  V1Node,
  V1ObjectMeta,
  V1Pod,
  V1Service,
} from '@kubernetes/client-node';

type WatchEvent = EventOf<'watch'>;
export type Kind = WatchEvent['kind'];
export type Summary = WatchEvent['summary'];

/** What MetalLB says of a Service that it announces on the LAN. */
interface ServiceL2Status {
  readonly metadata?: V1ObjectMeta;
  readonly status?: { readonly node?: string; readonly serviceName?: string; readonly serviceNamespace?: string };
}

/** As the API writes it: dates are strings. */
interface ObjectOf {
  readonly Node: V1Node;
  readonly EndpointSlice: V1EndpointSlice;
  readonly Service: V1Service;
  readonly Lease: V1Lease;
  readonly Event: CoreV1Event;
  readonly Pod: V1Pod;
  readonly ServiceL2Status: ServiceL2Status;
}

export type KubernetesObject = ObjectOf[Kind];

/** What every cluster has, and is watched unless other kinds are asked for. */
export const KINDS: readonly Kind[] = ['Node', 'EndpointSlice', 'Service', 'Lease', 'Event', 'Pod'];

/** In which API, and which objects not: a node's lease is renewed every 10 s and never changes hands. */
export const RESOURCES: Readonly<Record<Kind, { readonly path: string; readonly fieldSelector?: string }>> = {
  Node: { path: '/api/v1/nodes' },
  EndpointSlice: { path: '/apis/discovery.k8s.io/v1/endpointslices' },
  Service: { path: '/api/v1/services' },
  Lease: { path: '/apis/coordination.k8s.io/v1/leases', fieldSelector: 'metadata.namespace!=kube-node-lease' },
  Event: { path: '/api/v1/events' },
  Pod: { path: '/api/v1/pods' },
  ServiceL2Status: { path: '/apis/metallb.io/v1beta1/servicel2statuses' },
};

const SUMMARIES: { readonly [K in Kind]: (object: ObjectOf[K]) => Summary } = {
  Node({ spec, status }) {
    const ready = status?.conditions?.find(({ type }) => type === 'Ready');
    return {
      ready: ready?.status ?? 'Unknown',
      reason: ready?.reason ?? null,
      schedulable: spec?.unschedulable !== true,
      taints: list(spec?.taints?.map(({ key, effect }) => `${key}:${effect}`)),
    };
  },
  EndpointSlice({ endpoints, metadata }) {
    // Kubernetes: a missing `ready` is to be read as ready.
    const ready = endpoints?.filter(({ conditions }) => conditions?.ready !== false) ?? [];
    return {
      service: metadata?.labels?.['kubernetes.io/service-name'] ?? null,
      readyEndpoints: ready.length,
      endpoints: endpoints?.length ?? 0,
      nodes: list(ready.map(({ nodeName }) => nodeName ?? '?')),
    };
  },
  Service({ spec, status }) {
    const addresses = status?.loadBalancer?.ingress?.map(({ ip, hostname }) => ip ?? hostname ?? '?');
    return { type: spec?.type ?? null, addresses: list(addresses) };
  },
  Lease: ({ spec }) => ({ holder: spec?.holderIdentity ?? null, seconds: spec?.leaseDurationSeconds ?? null }),
  Event: ({ reason, involvedObject, message }) => ({
    reason: reason ?? null,
    regarding: `${involvedObject.kind ?? '?'}/${involvedObject.name ?? '?'}`,
    message: message?.slice(0, 160) ?? null,
  }),
  Pod: ({ metadata, spec, status }) => ({
    phase: status?.phase ?? null,
    ready: status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True',
    node: spec?.nodeName ?? null,
    terminating: metadata?.deletionTimestamp !== undefined,
  }),
  ServiceL2Status: ({ status }) => ({
    node: status?.node ?? null,
    service: status?.serviceName ? `${status.serviceNamespace ?? '?'}/${status.serviceName}` : null,
  }),
};

/** @param object an object of that kind. */
export function summaryOf(kind: Kind, object: KubernetesObject): Summary {
  return (SUMMARIES[kind] as (object: KubernetesObject) => Summary)(object);
}

const list = (values: readonly string[] | undefined): string => values?.toSorted().join(',') ?? '';
