/** A spec becomes a plan, or an error that teaches. */
import { backends } from './backend/index.ts';
import { imagesIn } from './backend/own-cni.ts';
import { removedBackends } from './backend/removed.ts';
import { controllers } from './controller/index.ts';
import { DEFAULT_K3S } from './image/catalogue.ts';
import { clusterImages } from './k3s/components.ts';
import { loadBalancers } from './load-balancer/index.ts';
import { settle } from './load-balancer/settings.ts';
import { ClusterSpecError, named, unknownValue } from './spec-error.ts';
import type { BackendName, ClusterPlan, ClusterSpec, NodePlan, NodeRole, Settings } from './spec.ts';

export { virtualHostOf } from './virtual-address.ts';

/** Last octets in the run's /24. */
export const HOSTS = { firstNode: 10, firstBalancer: 20, client: 100, pool: [200, 219] } as const;

/** Nodes are .10 and up; where balancers stand at .20 and .21, there is room for ten. */
export const BOUNDS = { servers: { least: 1, most: 7 }, agents: { least: 0, most: 20 } } as const;

/** The same with names as they were typed: they are checked here. */
export interface ClusterWish extends Omit<
  ClusterSpec,
  'backend' | 'loadBalancer' | 'substrate' | 'controller' | 'controllerPlace' | 'trafficPolicy'
> {
  readonly substrate: string;
  readonly backend: string;
  readonly loadBalancer: string;
  readonly controller?: string;
  readonly controllerPlace?: string;
  readonly trafficPolicy?: string;
}

export interface ClusterPlanOptions {
  /** Our images, by their full names. The app's is imported into every k3s node. */
  readonly tools: string;
  readonly app: string;
  /** A /24 of 198.18.0.0/15, e.g. `198.18.7.0/24`; null: a free one is picked at boot. */
  readonly subnet: string | null;
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
    balancers: planBalancers(spec),
    clientHost: HOSTS.client,
    pool: loadBalancers[spec.loadBalancer].virtualAddress ? HOSTS.pool : null,
    subnet: options.subnet,
    images: imagesOf(spec, options),
  };
}

/** The kernel features that a cluster of this spec needs, by probeHost's names: a host that lacks one skips the cell. */
export function needsOf({ backend, loadBalancer }: Pick<ClusterSpec, 'backend' | 'loadBalancer'>): readonly string[] {
  return [...new Set([...backends[backend].needs, ...loadBalancers[loadBalancer].needs])];
}

function checked(wish: ClusterWish): ClusterSpec {
  const { substrate, servers, agents, k3s } = wish;
  if (substrate !== 'k3s' && substrate !== 'bare') throw unknownValue('substrate', substrate, ['k3s', 'bare']);
  const backend = backendNamed(wish.backend);
  const loadBalancer = checkedLoadBalancer(wish.loadBalancer);
  checkSubstrate('backend', backend, substrate);
  checkSubstrate('loadBalancer', loadBalancer, substrate);
  checkCni(backend, wish.cni);
  checkCount('servers', servers);
  checkCount('agents', agents);
  const settings: Settings = settle(loadBalancers[loadBalancer], wish.settings ?? {});
  const cni = wish.cni && { cni: wish.cni };
  const common: ClusterSpec = { substrate, servers, agents, backend, ...cni, loadBalancer, settings };
  if (substrate === 'bare') {
    checkBare(wish);
    return common;
  }
  if (servers === 2) {
    throw new ClusterSpecError(
      'servers',
      'servers: 2. etcd with two members stops when either dies. Allowed: 1 (SQLite), or 3 and more (etcd)',
    );
  }
  return { ...common, ...checkedController(wish), k3s: k3s ?? DEFAULT_K3S };
}

/** @throws ClusterSpecError naming the nearest, or, where k3s once had it, since when it has not and what to take instead. */
export function backendNamed(wish: string): BackendName {
  const removed = removedBackends.find(({ name }) => name === wish);
  if (!removed) return named('backend', wish, backends);
  throw new ClusterSpecError(
    'backend',
    `backend: ${wish} was removed from k3s in ${removed.since}: a server told to use it does not start. ` +
      `Take ${removed.instead}. Allowed: ${Object.keys(backends).join(', ')}`,
  );
}

/** Without a network no node is ever Ready: said now, and not after a wait of minutes. @throws ClusterSpecError */
export function checkCni(backend: BackendName, cni: ClusterSpec['cni']): void {
  if (backend === 'none' && !cni) {
    throw new ClusterSpecError(
      'cni',
      'backend: none means a CNI of your own, and none is given: no node would ever be Ready. ' +
        'Next: --cni <manifest.yaml>, e.g. as in docs/cni/calico.md',
    );
  }
  if (backend !== 'none' && cni) {
    throw new ClusterSpecError(
      'cni',
      `cni: ${cni.name}, but the backend is ${backend}, and two networks would fight over the pods. Allowed with: none`,
    );
  }
}

/** One cluster has one: two would not share the work, they would fight. */
function checkedLoadBalancer(wish: string): ClusterSpec['loadBalancer'] {
  const several = wish.split(/[\s,+]+/).filter(Boolean);
  if (several.length < 2) return named('loadBalancer', wish, loadBalancers);
  const names = several.map((one) => named('loadBalancer', one, loadBalancers));
  throw new ClusterSpecError(
    'loadBalancer',
    `loadBalancer: ${names.join(' and ')} in one cluster. Each would write the status of the same Service, and answer for ` +
      'its address: clients would get now the one, now the other. Choose one',
  );
}

type ControllerSpec = Required<Pick<ClusterSpec, 'controller' | 'controllerPlace' | 'trafficPolicy'>>;

function checkedController(wish: ClusterWish): ControllerSpec {
  const controller = named('controller', wish.controller ?? 'default', controllers);
  const controllerPlace = named('controllerPlace', wish.controllerPlace ?? 'anywhere', { anywhere: 1, agents: 1 });
  const trafficPolicy = named('trafficPolicy', wish.trafficPolicy ?? 'Cluster', { Cluster: 1, Local: 1 });
  const { leastNodes, on } = controllers[controller];
  if (controllerPlace === 'agents' && on === 'servers') {
    throw new ClusterSpecError(
      'controllerPlace',
      `controllerPlace: agents, but the controller ${controller} stands on servers alone. Leave one of the two out`,
    );
  }
  const room = wish.agents + (controllerPlace === 'agents' ? 0 : wish.servers);
  if (room < leastNodes) {
    throw new ClusterSpecError(
      'controller',
      `controller: ${controller} needs ${leastNodes} ${controllerPlace === 'agents' ? 'agents' : 'nodes'}, and there are ${room}`,
    );
  }
  return { controller, controllerPlace, trafficPolicy };
}

/** What only k3s has. Its defaults are taken as nothing, so that one spec serves both substrates. */
function checkBare({ k3s, controller, controllerPlace, trafficPolicy }: ClusterWish): void {
  for (const [field, value, nothing] of [
    ['k3s', k3s, undefined],
    ['controller', controller, 'default'],
    ['controllerPlace', controllerPlace, 'anywhere'],
    ['trafficPolicy', trafficPolicy, 'Cluster'],
  ] as const) {
    if (value === undefined || value === nothing) continue;
    throw new ClusterSpecError(
      field,
      `${field}: ${value}. There is no k3s on the substrate bare. Next: leave it out, or take the substrate k3s`,
    );
  }
}

function planNodes({ servers, agents, substrate }: ClusterSpec): readonly NodePlan[] {
  return [...names('server', servers), ...names('agent', agents)].map((node, index) => ({
    ...node,
    host: HOSTS.firstNode + index,
    podSubnet: substrate === 'bare' ? `10.42.${index}.0/24` : null,
  }));
}

function planBalancers({ loadBalancer, substrate, servers, agents }: ClusterSpec): readonly NodePlan[] {
  const pair = names('balancer', loadBalancers[loadBalancer].balancers(substrate));
  const room = HOSTS.firstBalancer - HOSTS.firstNode;
  if (pair.length > 0 && servers + agents > room) {
    throw new ClusterSpecError(
      'agents',
      `agents: ${agents}. With ${loadBalancer} there is room for ${room} nodes in all`,
    );
  }
  return pair.map(({ role }, index) => ({
    name: `lb-${index}`,
    role,
    host: HOSTS.firstBalancer + index,
    podSubnet: null,
  }));
}

const names = (role: NodeRole, count: number): readonly Pick<NodePlan, 'name' | 'role'>[] =>
  Array.from({ length: count }, (_, index) => ({ name: `${role}-${index}`, role }));

function imagesOf(spec: ClusterSpec, { tools, app }: ClusterPlanOptions): readonly string[] {
  const ofK3s = spec.substrate === 'k3s' ? clusterImages(spec, spec.k3s ?? DEFAULT_K3S) : [];
  return [...new Set([tools, app, ...ofK3s, ...imagesIn(spec.cni?.manifest ?? '')])];
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

function checkSubstrate(field: 'backend' | 'loadBalancer', name: string, substrate: 'k3s' | 'bare'): void {
  const records = Object.values<Suited>(field === 'backend' ? backends : loadBalancers);
  const suited = records.filter(({ substrates }) => substrates.includes(substrate)).map((record) => record.name);
  if (suited.includes(name)) return;
  const where = records.find((record) => record.name === name)?.substrates.join(' and ');
  throw new ClusterSpecError(
    field,
    `${field}: ${name} works on ${where} only. Allowed on ${substrate}: ${suited.join(', ')}`,
  );
}

interface Suited {
  readonly name: string;
  readonly substrates: readonly string[];
}
