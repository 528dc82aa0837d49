/** The load balancer of a k3s cluster is installed, and what is really there is written down. */
import type { KubeConfig, V1DaemonSet, V1Deployment, V1Pod } from '@kubernetes/client-node';
import { done, notYet, onAll } from '@faultline/control';
import type { History } from '@faultline/history';
import { loadBalancers } from '../load-balancer/index.ts';
import type { Component } from '../load-balancer/load-balancer.ts';
import type { ClusterPlan } from '../spec.ts';
import { placeOf } from '../virtual-address.ts';
import { applyAll, type Api } from './apply.ts';
import { watchUntil, type Judge, type WatchOptions, type Watched } from './watch.ts';

/** The webhooks of MetalLB refuse everything until its controller runs, which needs a node that is Ready. */
const WITHIN = 180_000;

interface InstallOptions extends Api {
  readonly config: KubeConfig;
  readonly history: Pick<History, 'append'>;
  readonly signal: AbortSignal;
  readonly subnet: string;
}

/** Returns when its components are ready on every node. @throws DeadlineError */
export async function installLoadBalancer(plan: ClusterPlan, options: InstallOptions): Promise<void> {
  const { history, config, signal } = options;
  const { name, manifests, components } = loadBalancers[plan.spec.loadBalancer];
  const place = placeOf(plan, options.subnet);
  const objects = place ? manifests(place) : [];
  if (!place || objects.length === 0) return;
  await applyAll(objects, { ...options, withinMs: WITHIN });
  history.append({ type: 'stage', name: 'load-balancer-applied', detail: `${name}: ${objects.length} objects` });
  await onAll(components(place.settings), (component) =>
    untilComponentReady(component, plan.nodes.length, { config, signal, withinMs: WITHIN }),
  );
  history.append({ type: 'stage', name: 'load-balancer-ready', detail: name });
}

export async function untilComponentReady(component: Component, nodes: number, options: WatchOptions): Promise<void> {
  const { kind, namespace, name } = component;
  const watched = { ...COMPONENT, path: `/apis/apps/v1/namespaces/${namespace}/${kind.toLowerCase()}s` };
  await watchUntil(`${kind} ${name} is ready`, watched, componentReady(component, nodes), options);
}

export interface ComponentState {
  readonly name: string;
  readonly ready: number;
}

const COMPONENT: Omit<Watched<V1DaemonSet | V1Deployment, ComponentState>, 'path'> = {
  read: ({ metadata, status }) => ({ name: metadata?.name ?? '', ready: readyIn(status ?? {}) }),
};

const readyIn = (status: object): number =>
  Number('numberReady' in status ? status.numberReady : 'readyReplicas' in status ? status.readyReplicas : 0);

/** A DaemonSet: on every node. A Deployment: once. */
export function componentReady(
  { kind, name }: Pick<Component, 'kind' | 'name'>,
  nodes: number,
): Judge<ComponentState, undefined> {
  const wanted = kind === 'DaemonSet' ? nodes : 1;
  return (all) => {
    const ready = all.get(name)?.ready ?? 0;
    return ready >= wanted ? done(undefined) : notYet(`${ready} of ${wanted} pods of ${name} are ready`);
  };
}

/** A pod of a component, as far as it matters to a node that was started again. */
export interface PodState {
  readonly name: string;
  /** Of its DaemonSet. */
  readonly owner: string;
  readonly node: string;
  readonly ready: boolean;
  /** When its containers were last started, ISO 8601 with seconds; the earliest of them. */
  readonly started: string;
}

/** Waits until the load balancer runs on a node that was started again: another node needs it as its successor. */
export async function untilBackOn(
  node: string,
  since: string,
  { spec }: ClusterPlan,
  options: WatchOptions,
): Promise<void> {
  const onEveryNode = loadBalancers[spec.loadBalancer]
    .components(spec.settings ?? {})
    .filter(({ kind }) => kind === 'DaemonSet');
  await onAll(onEveryNode, ({ namespace, name }) => {
    const pods = { path: `/api/v1/namespaces/${namespace}/pods`, read: podState };
    return watchUntil(`${name} runs again on ${node}`, pods, podBack(name, node, since), options);
  });
}

/** Ready, and started after that instant: what was said of it before its node died does not count. */
export function podBack(owner: string, node: string, since: string): Judge<PodState, undefined> {
  return (pods) => {
    const here = [...pods.values()].filter((pod) => pod.owner === owner && pod.node === node);
    const back = here.some(({ ready, started }) => ready && started.slice(0, 19) > since.slice(0, 19));
    const saw = here.map(({ name, ready, started }) => `${name} ${ready ? 'ready' : 'not ready'}, started ${started}`);
    return back ? done(undefined) : notYet(saw.join('; ') || `no pod of ${owner} on ${node}`);
  };
}

function podState({ metadata, spec, status }: V1Pod): PodState {
  const starts = status?.containerStatuses?.map(({ state }) => said(state?.running?.startedAt)) ?? [];
  return {
    name: metadata?.name ?? '',
    owner: metadata?.ownerReferences?.[0]?.name ?? '',
    node: spec?.nodeName ?? '',
    ready: status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false,
    started: starts.toSorted()[0] ?? '',
  };
}

/** A watch gives instants as Kubernetes writes them, whatever its types say. */
const said = (instant: Date | string | undefined): string =>
  typeof instant === 'object' ? instant.toISOString() : (instant ?? '');
