/** Which parts of k3s a cluster has, and so which images its nodes import. Everything else is disabled. */
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
 * Every k3s image of a cluster: the node's first.
 * @throws UnknownReleaseError
 */
export function clusterImages(spec: Pick<ClusterSpec, 'loadBalancer'>, version: string): readonly string[] {
  return k3sImages(version, componentsOf(spec));
}
