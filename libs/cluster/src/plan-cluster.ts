/** A spec becomes a plan, or an error that teaches. */
import { nearest } from '@faultline/control/plan';
import { backends } from './backend/index.ts';
import { DEFAULT_K3S } from './image/catalogue.ts';
import { clusterImages } from './k3s/components.ts';
import { loadBalancers } from './load-balancer/index.ts';
import type { ClusterPlan, ClusterSpec, NodePlan, NodeRole } from './spec.ts';

/** Last octets in the run's /24. */
export const HOSTS = { firstNode: 10, client: 100, virtual: 200 } as const;

export const BOUNDS = { servers: { least: 1, most: 7 }, agents: { least: 0, most: 20 } } as const;

/** The same with names as they were typed: they are checked here. */
export interface ClusterWish extends Omit<ClusterSpec, 'backend' | 'loadBalancer' | 'substrate'> {
  readonly substrate: string;
  readonly backend: string;
  readonly loadBalancer: string;
}

export interface ClusterPlanOptions {
  /** Our images, by their full names. The app's is imported into every k3s node. */
  readonly tools: string;
  readonly app: string;
  /** A /24 of 198.18.0.0/15, e.g. `198.18.7.0/24`; null: a free one is picked at boot. */
  readonly subnet: string | null;
}

/** What was wished for cannot be: the message says what is allowed. */
export class ClusterSpecError extends Error {
  override readonly name = 'ClusterSpecError';
  readonly field: keyof ClusterSpec | 'subnet';
  constructor(field: ClusterSpecError['field'], message: string) {
    super(message);
    this.field = field;
  }
}

/**
 * The plan of a cluster.
 * @throws ClusterSpecError; UnknownReleaseError for a k3s release that is not in the catalogue.
 */
export function planCluster(wish: ClusterWish, options: ClusterPlanOptions): ClusterPlan {
  const spec = checked(wish);
  checkSubnet(options.subnet);
  return {
    spec,
    nodes: planNodes(spec),
    clientHost: HOSTS.client,
    virtualHost: loadBalancers[spec.loadBalancer].virtualAddress ? HOSTS.virtual : null,
    subnet: options.subnet,
    images: imagesOf(spec, options),
  };
}

/** The kernel features that a cluster of this spec needs, by probeHost's names: a host that lacks one skips the cell. */
export function needsOf({ backend, loadBalancer }: Pick<ClusterSpec, 'backend' | 'loadBalancer'>): readonly string[] {
  return [...new Set([...backends[backend].needs, ...loadBalancers[loadBalancer].needs])];
}

function checked({ substrate, backend, loadBalancer, servers, agents, k3s }: ClusterWish): ClusterSpec {
  if (substrate !== 'k3s' && substrate !== 'bare') throw unknown('substrate', substrate, ['k3s', 'bare']);
  if (!has(backends, backend)) throw unknown('backend', backend, Object.keys(backends));
  if (!has(loadBalancers, loadBalancer)) throw unknown('loadBalancer', loadBalancer, Object.keys(loadBalancers));
  for (const [field, record] of [
    ['backend', backends[backend]],
    ['loadBalancer', loadBalancers[loadBalancer]],
  ] as const) {
    if (!record.substrates.includes(substrate)) throw unsuited(field, record, substrate);
  }
  checkCount('servers', servers);
  checkCount('agents', agents);
  if (substrate === 'k3s' && servers === 2) {
    throw new ClusterSpecError(
      'servers',
      'servers: 2. etcd with two members stops when either dies. Allowed: 1 (SQLite), or 3 and more (etcd)',
    );
  }
  if (substrate === 'bare' && k3s !== undefined) {
    throw new ClusterSpecError(
      'k3s',
      `k3s: ${k3s}. There is no k3s on the substrate bare. Next: leave it out, or take the substrate k3s`,
    );
  }
  const common = { substrate, servers, agents, backend, loadBalancer } as const;
  return substrate === 'k3s' ? { ...common, k3s: k3s ?? DEFAULT_K3S } : common;
}

function planNodes({ servers, agents, substrate }: ClusterSpec): readonly NodePlan[] {
  const names = (role: NodeRole, count: number) =>
    Array.from({ length: count }, (_, index) => ({ name: `${role}-${index}`, role }));
  return [...names('server', servers), ...names('agent', agents)].map((node, index) => ({
    ...node,
    host: HOSTS.firstNode + index,
    podSubnet: substrate === 'bare' ? `10.42.${index}.0/24` : null,
  }));
}

function imagesOf(spec: ClusterSpec, { tools, app }: ClusterPlanOptions): readonly string[] {
  return [tools, app, ...(spec.substrate === 'k3s' ? clusterImages(spec, spec.k3s ?? DEFAULT_K3S) : [])];
}

function checkCount(field: 'servers' | 'agents', count: number): void {
  const { least, most } = BOUNDS[field];
  if (Number.isInteger(count) && count >= least && count <= most) return;
  throw new ClusterSpecError(field, `${field}: ${count}. Allowed: a whole number from ${least} to ${most}`);
}

/** Ours alone, so that no run ever covers a network that somebody uses. */
function checkSubnet(subnet: string | null): void {
  const octet = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;
  if (subnet === null || new RegExp(String.raw`^198\.1[89]\.${octet}\.0/24$`).test(subnet)) return;
  throw new ClusterSpecError('subnet', `subnet: ${subnet}. Allowed: a /24 of 198.18.0.0/15, e.g. 198.18.7.0/24`);
}

function has<T extends object>(record: T, key: string): key is Extract<keyof T, string> {
  return Object.hasOwn(record, key);
}

function unknown(field: keyof ClusterSpec, value: string, allowed: readonly string[]): ClusterSpecError {
  const near = nearest(value, allowed);
  return new ClusterSpecError(
    field,
    `${field}: unknown value "${value}".${near ? ` Did you mean ${near}?` : ''} Allowed: ${allowed.join(', ')}`,
  );
}

function unsuited(
  field: 'backend' | 'loadBalancer',
  record: { name: string; substrates: readonly string[] },
  substrate: string,
): ClusterSpecError {
  const registry: Readonly<Record<string, { name: string; substrates: readonly string[] }>> =
    field === 'backend' ? backends : loadBalancers;
  const allowed = Object.values(registry).flatMap(({ name, substrates }) =>
    substrates.includes(substrate) ? [name] : [],
  );
  const where = record.substrates.join(' and ');
  return new ClusterSpecError(
    field,
    `${field}: ${record.name} works on ${where} only. Allowed on ${substrate}: ${allowed.join(', ')}`,
  );
}
