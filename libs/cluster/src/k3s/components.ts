/** Which parts of k3s a cluster has, and so which images its nodes import. Everything else is disabled. */
import { loadBalancers } from '../load-balancer/index.ts';
import { k3sImages, OPTIONAL_COMPONENTS, type Component } from '../image/catalogue.ts';
import type { ClusterSpec } from '../spec.ts';

export type OptionalComponent = Exclude<Component, 'core'>;

/** Nothing of ours asks for metrics or for volumes: they would cost boot time, memory, and images to import. */
export function componentsOf(spec: Pick<ClusterSpec, 'loadBalancer'>): readonly OptionalComponent[] {
  return spec.loadBalancer === 'servicelb' ? ['traefik', 'servicelb'] : ['traefik'];
}

/** What `--disable` gets. */
export function disabledOf(spec: Pick<ClusterSpec, 'loadBalancer'>): readonly OptionalComponent[] {
  const wanted = componentsOf(spec);
  return OPTIONAL_COMPONENTS.filter((component) => !wanted.includes(component));
}

/**
 * Every image of a k3s cluster: the node's first, then what runs in it, its load balancer last.
 * @throws UnknownReleaseError
 */
export function clusterImages(
  spec: Pick<ClusterSpec, 'loadBalancer' | 'settings'>,
  version: string,
): readonly string[] {
  return [...k3sImages(version, componentsOf(spec)), ...loadBalancers[spec.loadBalancer].images(spec.settings ?? {})];
}
