/**
 * The cluster that Faultline can boot and that is nearest to what was seen; each difference is a sentence. Pure.
 */
import {
  backends,
  BOUNDS,
  inventoryOf,
  K3S_RELEASES,
  type BackendName,
  type ControllerName,
  type LoadBalancerName,
  type Settings,
  type TrafficPolicy,
} from '@faultline/cluster/plan';
import type { ScenarioCell } from '@faultline/scenario/plan';
import { nameOf, type RawObject } from '../collect/object.ts';
import type { NodeOf } from '../collect/nodes.ts';
import { settingsOf } from './settings.ts';

export interface Nearest {
  readonly topology: { readonly servers: number; readonly agents: number };
  readonly cell: ScenarioCell;
  readonly k3s: { readonly seen: string | null; readonly taken: string };
  /** Of the load balancer. */
  readonly settings: Settings;
  readonly notes: readonly string[];
}

export function nearest(all: readonly RawObject[], nodes: readonly NodeOf[]): Nearest {
  const notes: string[] = [];
  const topology = topologyOf(nodes, notes);
  const loadBalancer = loadBalancerOf(all, nodes, notes);
  return {
    topology,
    cell: {
      substrate: 'k3s',
      backend: backendOf(nodes, notes),
      loadBalancer,
      controller: controllerOf(all, topology.servers + topology.agents, notes),
      trafficPolicy: policyOf(all),
    },
    k3s: releaseOf(nodes, notes),
    settings: settingsOf(loadBalancer, all, notes),
    notes: [...notes, ...downNotes(nodes), ...flagNotes(nodes)],
  };
}

function topologyOf(nodes: readonly NodeOf[], notes: string[]): Nearest['topology'] {
  if (nodes.length === 0) {
    notes.push('no Node among what was read: 1 server and 2 agents here');
    return { servers: 1, agents: 2 };
  }
  const seen = (role: string) => nodes.filter((node) => node.role === role).length;
  const most = Math.min(BOUNDS.servers.most, Math.max(1, seen('server')));
  // etcd with two members stops when either dies, and no plan has it.
  const servers = most === 2 ? 3 : most;
  const agents = Math.min(BOUNDS.agents.most, seen('agent'));
  if (servers !== seen('server')) notes.push(`${seen('server')} servers: ${servers} here`);
  if (agents !== seen('agent')) notes.push(`${seen('agent')} agents: ${agents} here`);
  return { servers, agents };
}

/** As Flannel writes it on its nodes; `wireguard` is what k3s calls wireguard-native. */
function backendOf(nodes: readonly NodeOf[], notes: string[]): BackendName {
  const flag = flagIn(nodes, 'flannel-backend');
  const said = flag ?? nodes.find(({ backend }) => backend !== undefined)?.backend;
  const name = said === 'wireguard' ? 'wireguard-native' : said;
  if (name !== undefined && name !== 'none' && Object.hasOwn(backends, name)) return name as BackendName;
  const which = name === 'none' || name === undefined ? 'no Flannel, or none that says so' : `Flannel backend ${name}`;
  notes.push(`${which}: vxlan here`);
  return 'vxlan';
}

function loadBalancerOf(all: readonly RawObject[], nodes: readonly NodeOf[], notes: string[]): LoadBalancerName {
  const { loadBalancers, detail } = inventoryOf({
    daemonSets: all
      .filter(({ kind }) => kind === 'DaemonSet')
      .map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`),
    namespaces: all.map(({ kind, metadata }) => (kind === 'Namespace' ? metadata.name : (metadata.namespace ?? ''))),
    serverArguments: nodes
      .filter(({ role }) => role === 'server')
      .map(({ flags }) => JSON.stringify(['server', ...flags.flatMap((flag) => flag.split('='))])),
  });
  // The one that was installed beside k3s' own is the one that was wanted.
  const wanted = loadBalancers.find((name) => name !== 'servicelb') ?? loadBalancers[0];
  if (loadBalancers.length > 1) notes.push(`two load balancers (${detail}): ${wanted} alone here`);
  if (wanted === undefined) notes.push('no load balancer that Faultline knows: servicelb here');
  return wanted ?? 'servicelb';
}

function controllerOf(all: readonly RawObject[], nodes: number, notes: string[]): ControllerName {
  const traefik = all.find((raw) => /^(?:Deployment|DaemonSet) kube-system\/traefik$/.test(nameOf(raw)));
  if (!traefik) {
    notes.push("no Traefik of k3s was seen: k3s' own here");
    return 'default';
  }
  // Values that somebody gave say it themselves, and are applied: a layout would bring more than they say.
  if (all.some((raw) => nameOf(raw) === 'HelmChartConfig kube-system/traefik')) return 'default';
  if (traefik.kind === 'DaemonSet') return 'daemonset';
  const { replicas = 1 } = (traefik.spec ?? {}) as { replicas?: number };
  return replicas > 1 && nodes > 1 ? 'two-replicas' : 'default';
}

function policyOf(all: readonly RawObject[]): TrafficPolicy {
  const service = all.find((raw) => nameOf(raw) === 'Service kube-system/traefik');
  const { externalTrafficPolicy } = (service?.spec ?? {}) as { externalTrafficPolicy?: string };
  return externalTrafficPolicy === 'Local' ? 'Local' : 'Cluster';
}

function releaseOf(nodes: readonly NodeOf[], notes: string[]): Nearest['k3s'] {
  const releases = [...new Set(nodes.map(({ release }) => release))].filter((release) => release !== 'unknown');
  const seen = releases[0] ?? null;
  const known = K3S_RELEASES.map(({ version }) => version);
  const taken = seen === null ? (known.at(-1) ?? '') : closest(seen, known);
  if (releases.length > 1) notes.push(`nodes of ${releases.join(' and ')}: all ${taken} here`);
  else if (taken !== seen) notes.push(`k3s ${seen ?? 'of a release that nobody said'}: ${taken} here`);
  return { seen, taken };
}

/** The nearest minor; of two that are as near the newer one. */
function closest(seen: string, known: readonly string[]): string {
  if (known.includes(seen)) return seen;
  const minorOf = (version: string): number => Number(version.split('.')[1]);
  const away = (version: string): number => Math.abs(minorOf(version) - minorOf(seen));
  return known.toReversed().toSorted((a, b) => away(a) - away(b))[0] ?? seen;
}

/** Nobody stops a node to have it so again: --fault does. */
const downNotes = (nodes: readonly NodeOf[]): readonly string[] =>
  nodes
    .filter(({ ready }) => !ready)
    .map(({ name }) => `${name} was not Ready: it is here, unless --fault says what befell it`);

/** Flags that a replay gives itself, or that the backend and the load balancer stand for. */
const REPLAYED = /^--(?:flannel-(?:backend|iface)|cluster-init|disable=|disable$|servicelb-namespace)/;

function flagNotes(nodes: readonly NodeOf[]): readonly string[] {
  const others = new Set(nodes.flatMap(({ flags }) => flags.filter((flag) => !REPLAYED.test(flag))));
  return others.size === 0 ? [] : [`k3s was told ${[...others].join(' ')}: not told here`];
}

function flagIn(nodes: readonly NodeOf[], name: string): string | undefined {
  const all = nodes.filter(({ role }) => role === 'server').flatMap(({ flags }) => flags);
  return all.find((flag) => flag.startsWith(`--${name}=`))?.slice(name.length + 3);
}
