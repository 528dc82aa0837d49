/** What has to be true of a cluster's objects, each a pure judge of what a watch shows. */
import type {
  KubernetesObject,
  V1DaemonSet,
  V1Deployment,
  V1EndpointSlice,
  V1Node,
  V1Pod,
  V1Service,
} from '@kubernetes/client-node';
import { done, notYet, type Answer } from '@faultline/control';

/** Every node takes pods: a fresh one is tainted until its network is up, and would get none of them. */
export function allSchedulable(names: readonly string[]): (nodes: readonly V1Node[]) => Answer<void> {
  return (nodes) => {
    const lacking = names.flatMap((name) => {
      const node = nodes.find(({ metadata }) => metadata?.name === name);
      if (!node) return [`${name} is not registered`];
      const taints = (node.spec?.taints ?? []).filter(({ effect }) => effect !== 'PreferNoSchedule');
      return taints.length > 0 ? [`${name} is tainted ${taints.map(({ key }) => key).join(', ')}`] : [];
    });
    return lacking.length > 0 ? notYet(lacking.join('; ')) : done(undefined);
  };
}

/** The Deployment as it stands now, and no older one, is available with all replicas. */
export function isAvailable(replicas: number): (deployments: readonly V1Deployment[]) => Answer<void> {
  return ([deployment]) => {
    if (!deployment) return notYet('no Deployment');
    const { metadata, status } = deployment;
    if ((status?.observedGeneration ?? 0) < (metadata?.generation ?? 1))
      return notYet('the Deployment was not looked at yet');
    const { updatedReplicas: updated = 0, availableReplicas: available = 0, replicas: all = 0 } = status ?? {};
    if (updated === replicas && available === replicas && all === replicas) return done(undefined);
    return notYet(`${available} of ${replicas} available, ${updated} as wanted, ${all} in all`);
  };
}

/** All pods that it is to have are ready, whatever lays them out. */
export function isRolledOut([one]: readonly (V1Deployment | V1DaemonSet)[]): Answer<void> {
  if (!one) return notYet('it is not there');
  const { metadata, spec, status } = one;
  if ((status?.observedGeneration ?? 0) < (metadata?.generation ?? 1)) return notYet('it was not looked at yet');
  const wanted = countIn(spec, 'replicas') ?? countIn(status, 'desiredNumberScheduled') ?? 0;
  const ready = countIn(status, 'readyReplicas') ?? countIn(status, 'numberReady') ?? 0;
  return wanted > 0 && ready === wanted ? done(undefined) : notYet(`${ready} of ${wanted} pods ready`);
}

/** What a Deployment calls otherwise than a DaemonSet. */
function countIn(values: object | undefined, key: string): number | undefined {
  const value = (values as Readonly<Record<string, unknown>> | undefined)?.[key];
  return typeof value === 'number' ? value : undefined;
}

/** Why pods are not ready, a line for each that is not, in the words of the scheduler and the kubelet. */
export function reasonsOf(pods: readonly V1Pod[]): readonly string[] {
  return pods.flatMap(({ metadata, status }) => {
    const conditions = status?.conditions ?? [];
    if (conditions.some(({ type, status: holds }) => type === 'Ready' && holds === 'True')) return [];
    const { waiting, terminated } = status?.containerStatuses?.[0]?.state ?? {};
    const unmet = conditions.find(({ status: holds, message }) => holds === 'False' && message);
    const { reason, message } = waiting ?? terminated ?? unmet ?? {};
    return [`${metadata?.name}: ${[status?.phase, reason, message].filter(Boolean).join(': ')}`];
  });
}

export interface SliceEndpoint {
  readonly pod: string;
  /** Of the pod: a later one may have the same name. */
  readonly uid: string;
  readonly node: string;
  readonly address: string;
  readonly port: number;
}

/** The ready endpoints of a Service. */
export function readyEndpoints(slices: readonly V1EndpointSlice[]): readonly SliceEndpoint[] {
  return slices.flatMap(({ endpoints, ports }) =>
    (endpoints ?? []).flatMap(({ conditions, addresses, nodeName, targetRef }) => {
      const [address] = addresses;
      // A condition that nobody set means ready.
      if (conditions?.ready === false || !address || !nodeName) return [];
      return [
        {
          pod: targetRef?.name ?? address,
          uid: targetRef?.uid ?? address,
          node: nodeName,
          address,
          port: ports?.[0]?.port ?? 0,
        },
      ];
    }),
  );
}

export function hasEndpoints(replicas: number): (slices: readonly V1EndpointSlice[]) => Answer<void> {
  return (slices) => {
    const { length } = readyEndpoints(slices);
    return length === replicas ? done(undefined) : notYet(`${length} of ${replicas} endpoints ready`);
  };
}

/** The addresses at which a Service of type LoadBalancer is reached. */
export function addressesOf(services: readonly V1Service[]): readonly string[] {
  return services.flatMap(({ status }) => (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []));
}

export function hasAddresses(count: number): (services: readonly V1Service[]) => Answer<readonly string[]> {
  return (services) => {
    if (services.length === 0) return notYet('the Service of the Ingress controller is not there');
    const addresses = addressesOf(services);
    return addresses.length >= count
      ? done(addresses)
      : notYet(`${addresses.length} of ${count} addresses: ${addresses.join(', ') || 'none'}`);
  };
}

/** These addresses and no others. */
export function areAddresses(wanted: readonly string[]): (services: readonly V1Service[]) => Answer<readonly string[]> {
  return (services) => {
    const addresses = addressesOf(services);
    const same = addresses.length === wanted.length && wanted.every((address) => addresses.includes(address));
    return same && wanted.length > 0
      ? done(addresses)
      : notYet(`${addresses.join(', ') || 'no address'} instead of ${wanted.join(', ') || 'any'}`);
  };
}

/** Names of the nodes that run a ready pod, each once. */
export function nodesOf(pods: readonly V1Pod[]): readonly string[] {
  const ready = pods.filter(({ metadata, status }) => {
    const condition = status?.conditions?.find(({ type }) => type === 'Ready');
    return condition?.status === 'True' && !metadata?.deletionTimestamp;
  });
  return [...new Set(ready.flatMap(({ spec }) => spec?.nodeName ?? []))];
}

export function noneLeft(objects: readonly KubernetesObject[]): Answer<void> {
  return objects.length === 0
    ? done(undefined)
    : notYet(`${objects.length} left: ${objects.map(({ metadata }) => metadata?.name).join(', ')}`);
}
