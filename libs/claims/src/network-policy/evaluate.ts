/**
 * What the specification says: may this pod open a connection to that port of that pod?
 *
 * Source: the API reference of NetworkPolicySpec (kubernetes.io/docs/reference, policy-resources/network-policy-v1) and the
 * page concepts/services-networking/network-policies. A connection needs both ends: the egress of the one that opens it and
 * the ingress of the other. A pod that no policy selects for a direction is open in it; one that some do is open to what any
 * of them allows, and to nothing else. Answers are part of their connection. A pod can always reach itself.
 */
import { isInNetwork } from './cidr.ts';
import {
  podName,
  type LabelSelector,
  type Labels,
  type NetworkPolicy,
  type Peer,
  type PolicyPort,
  type PolicySpec,
  type Requirement,
  type World,
  type WorldPod,
  type WorldPort,
} from './policy.ts';

export interface Cell {
  /** `x/a`. */
  readonly from: string;
  readonly to: string;
  /** Name of the port. */
  readonly port: string;
  readonly isOpen: boolean;
}

export type Direction = 'Ingress' | 'Egress';

/** Every pod to every port of every pod, itself left out: nothing can shut a pod off from itself. */
export function reachability(
  world: World,
  policies: readonly NetworkPolicy[],
  may: typeof mayConnect = mayConnect,
): readonly Cell[] {
  return world.pods.flatMap((from) =>
    world.pods
      .filter((to) => to !== from)
      .flatMap((to) =>
        to.ports.map((port) => ({
          from: podName(from),
          to: podName(to),
          port: port.name,
          isOpen: may(world, policies, { from, to, port }),
        })),
      ),
  );
}

export interface Connection {
  readonly from: WorldPod;
  readonly to: WorldPod;
  readonly port: WorldPort;
}

export function mayConnect(world: World, policies: readonly NetworkPolicy[], connection: Connection): boolean {
  const { from, to } = connection;
  if (from === to) return true;
  return isAllowed('Egress', world, policies, connection) && isAllowed('Ingress', world, policies, connection);
}

function isAllowed(
  direction: Direction,
  world: World,
  policies: readonly NetworkPolicy[],
  connection: Connection,
): boolean {
  const about = policies.filter((policy) => isAbout(policy, direction, connection));
  return about.length === 0 || about.some((policy) => hasRuleFor(policy, direction, world, connection));
}

/** Whether the policy is about this direction of the pod at this end. */
export const isAbout = (policy: NetworkPolicy, direction: Direction, connection: Connection): boolean =>
  typesOf(policy.spec).includes(direction) && selects(policy, endOf(direction, connection));

export const selects = ({ metadata, spec }: NetworkPolicy, pod: WorldPod): boolean =>
  metadata.namespace === pod.namespace && isSelected(spec.podSelector, pod.labels);

export const endOf = (direction: Direction, { from, to }: Connection): WorldPod =>
  direction === 'Ingress' ? to : from;

/** Whether one of its rules of this direction allows it, whomever the policy is about. */
export function hasRuleFor(
  { spec, metadata }: NetworkPolicy,
  direction: Direction,
  world: World,
  { from, to, port }: Connection,
): boolean {
  const other = direction === 'Ingress' ? from : to;
  return rulesOf(spec, direction).some(
    ({ peers, ports }) => isPeer(world, metadata.namespace, peers, other) && isPort(ports, to, port),
  );
}

/** Unless told it is Ingress, and Egress where there are rules of it. */
export function typesOf({ policyTypes, egress }: PolicySpec): readonly Direction[] {
  return policyTypes ?? (egress !== undefined && egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress']);
}

interface Rule {
  readonly peers: readonly Peer[] | undefined;
  readonly ports: readonly PolicyPort[] | undefined;
}

const rulesOf = ({ ingress = [], egress = [] }: PolicySpec, direction: Direction): readonly Rule[] =>
  direction === 'Ingress'
    ? ingress.map(({ from, ports }) => ({ peers: from, ports }))
    : egress.map(({ to, ports }) => ({ peers: to, ports }));

/** Left out or empty: everybody. */
function isPeer(world: World, own: string, peers: readonly Peer[] | undefined, pod: WorldPod): boolean {
  if (peers === undefined || peers.length === 0) return true;
  return peers.some((peer) => {
    if (peer.ipBlock) {
      const { cidr, except = [] } = peer.ipBlock;
      return isInNetwork(pod.address, cidr) && !except.some((hole) => isInNetwork(pod.address, hole));
    }
    const namespace = world.namespaces.find(({ name }) => name === pod.namespace);
    const isThere = peer.namespaceSelector
      ? isSelected(peer.namespaceSelector, namespace?.labels ?? {})
      : pod.namespace === own;
    return isThere && isSelected(peer.podSelector ?? {}, pod.labels);
  });
}

/** Left out or empty: every port. */
function isPort(ports: readonly PolicyPort[] | undefined, to: WorldPod, port: WorldPort): boolean {
  if (ports === undefined || ports.length === 0) return true;
  return ports.some(({ protocol = 'TCP', port: wanted, endPort }) => {
    if (protocol !== port.protocol) return false;
    if (wanted === undefined) return true;
    if (typeof wanted === 'string') {
      return to.ports.some((one) => one.name === wanted && one.protocol === protocol && one.port === port.port);
    }
    return port.port >= wanted && port.port <= (endPort ?? wanted);
  });
}

function isSelected({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every((requirement) => isMet(requirement, labels))
  );
}

/** NotIn is met by whoever has no such label. */
function isMet({ key, operator, values = [] }: Requirement, labels: Labels): boolean {
  const value = labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}
