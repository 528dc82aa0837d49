/** Everything that was read of a cluster becomes a bundle: by a list of what is kept, and without its names and addresses. Pure. */
import type { ExpectInput, FaultInput, ScenarioInput } from '@faultline/scenario/plan';
import type { KubeObject } from '@faultline/traefik';
import { matrixOf, type About, type Bundle, type BundledScenario, type LeftOut, type Seen } from '../bundle/bundle.ts';
import { aboutOf } from '../bundle/files.ts';
import { nearest, type Nearest } from '../nearest/nearest.ts';
import { eventsOf } from './events.ts';
import { KEPT } from './kinds.ts';
import { selectedKeys, withSelected } from './labels.ts';
import { Naming, virtualAddresses } from './naming.ts';
import { nodesOf, type NodeOf } from './nodes.ts';
import { keptObject, nameOf, type RawObject } from './object.ts';
import { Omissions } from './omissions.ts';
import { seenOf } from './seen.ts';
import { isOfFaultline, whyNotTheirs } from './theirs.ts';

export interface Collected {
  readonly nodes: readonly NodeOf[];
  readonly objects: readonly KubeObject[];
  readonly seen: readonly Seen[];
  readonly leftOut: readonly LeftOut[];
  readonly naming: Naming;
}

/** @param all of any kind: what is not on the list is left out, and said to be. */
export function collect(all: readonly RawObject[]): Collected {
  const omissions = new Omissions();
  const objects = keptObjects(all, omissions);
  const keys = selectedKeys(objects);
  const nodes = nodesOf(all, keys, omissions);
  const naming = new Naming(nodes, virtualAddresses(all));
  return {
    nodes,
    naming,
    objects: inOrder(objects.map((object) => naming.object(withSelected(object, keys)))),
    seen: seenOf(all, nodes, naming),
    leftOut: omissions.all(),
  };
}

const LOOKED_AT = ['Node', 'EndpointSlice', 'Job', 'Event', 'Endpoints', 'Pod', 'ReplicaSet'];

function keptObjects(all: readonly RawObject[], omissions: Omissions): readonly KubeObject[] {
  return all.flatMap((raw) => {
    if (LOOKED_AT.includes(raw.kind)) return [];
    const why = whyNotTheirs(raw);
    // What each cluster has itself is missed by nobody, and would fill the list.
    if (why !== undefined && !isOfFaultline(raw) && why !== "of the charts only Traefik's is replayed") return [];
    if (why !== undefined) return omissions.add({ object: nameOf(raw), path: '' }, why) ?? [];
    const object = keptObject(raw, omissions);
    return object ? [object] : [];
  });
}

const ORDER = Object.keys(KEPT);

function inOrder(objects: readonly KubeObject[]): readonly KubeObject[] {
  const keyOf = ({ kind, metadata: { namespace = '', name } }: KubeObject): string =>
    `${String(ORDER.indexOf(kind)).padStart(2, '0')} ${namespace} ${name}`;
  return objects.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** What is done to the cluster, as a scenario says it. */
export interface Disturbance extends Pick<
  ScenarioInput,
  'watch' | 'workload' | 'features' | 'steadyWithin' | 'settleWithin' | 'controllerPlace'
> {
  readonly faults: readonly FaultInput[];
  readonly expect: readonly ExpectInput[];
  /** Of the scenario that it comes from. */
  readonly name: string;
}

export interface CaptureOptions extends Pick<About, 'made' | 'by'> {
  readonly from: 'cluster' | 'support';
  readonly disturbance?: Disturbance | undefined;
  /** What could not be read, and why. */
  readonly notes?: readonly string[];
}

export function bundleOfCluster(all: readonly RawObject[], options: CaptureOptions): Bundle {
  const { nodes, objects, seen, leftOut, naming } = collect(all);
  const near = nearest(all, nodes);
  // A replay has no more nodes than there is room for; of the others nothing can be seen again.
  const room = nodes.filter(({ name, role }) => Number(name.split('-')[1]) < near.topology[`${role}s`]);
  const gone = nodes.filter((node) => !room.includes(node)).map(({ name }) => `Node ${name}`);
  return {
    about: aboutOf({
      made: options.made,
      by: options.by,
      from: options.from,
      k3s: near.k3s,
      settings: near.settings,
      seed: null,
      ran: null,
      nodes: room.map(({ was: _was, backend: _backend, ...node }) => node),
      seen: seen.filter(({ what }) => !gone.includes(what)),
      leftOut,
      notes: [...near.notes, ...(options.notes ?? [])],
    }),
    scenario: scenarioOfCluster(near, options.disturbance),
    objects,
    events: eventsOf(all, naming),
  };
}

function scenarioOfCluster({ topology, cell }: Nearest, disturbance: Disturbance | undefined): BundledScenario {
  const { name, ...rest } = disturbance ?? PLAIN;
  return {
    ...rest,
    name: disturbance ? `captured-${name}` : name,
    why: disturbance
      ? `A captured cluster, and what ${name} does to it.`
      : 'A captured cluster: whether it is again as it was, and answers what it routes.',
    topology,
    matrix: matrixOf(cell),
  };
}

const PLAIN: Disturbance = { name: 'captured', workload: { replicas: 3 }, watch: ['edge'], faults: [], expect: [] };
