/** Policies from a seed, over a small fixed world: of everything that the specification has, some of each. */
import { below, seeded } from '@faultline/scenario/plan';
import { typesOf, type Direction } from './evaluate.ts';
import {
  policyOf,
  type IpBlock,
  type LabelSelector,
  type NetworkPolicy,
  type Peer,
  type PolicyPort,
  type PolicySpec,
  type World,
  type WorldPod,
  type WorldPort,
} from './policy.ts';

export const NAMES = ['x', 'y', 'z'] as const;
export const PODS = ['a', 'b', 'c'] as const;

export const PORTS: readonly WorldPort[] = [
  { name: 'http', protocol: 'TCP', port: 8181 },
  { name: 'admin', protocol: 'TCP', port: 8191 },
  { name: 'echo', protocol: 'UDP', port: 8182 },
];

/** @param addressOf where the pods really are: ipBlocks are about that. */
export function worldOf(addressOf: (namespace: string, pod: string) => string): World {
  return {
    namespaces: NAMES.map((name) => ({ name, labels: { ns: name, 'kubernetes.io/metadata.name': name } })),
    pods: NAMES.flatMap((namespace) =>
      PODS.map((name) => ({
        namespace,
        name,
        labels: { pod: name, ...(name !== 'c' && { tier: namespace === 'z' ? 'back' : 'front' }) },
        address: addressOf(namespace, name),
        ports: PORTS,
      })),
    ),
  };
}

/** Whether a policy may be about both directions at once. */
export type Directions = 'one' | 'both';

/** One or two policies, the `index`th of this seed. */
export function drawPolicies(
  seed: number,
  index: number,
  world: World,
  directions: Directions = 'both',
): readonly NetworkPolicy[] {
  const pick = picker(seeded(seed * 100_003 + index));
  const count = pick([1, 1, 2]);
  const drawn = Array.from({ length: count }, (_, at) => policyOf(pick(NAMES), `drawn-${at}`, specOf(pick, world)));
  return directions === 'both' ? drawn : drawn.map((policy) => ({ ...policy, spec: inOneDirection(policy.spec) }));
}

/** Of two directions only the second: there are more policies of the first anyway. */
function inOneDirection(spec: PolicySpec): PolicySpec {
  if (typesOf(spec).length < 2) return spec;
  const { ingress: _, ...rest } = spec;
  return { ...rest, policyTypes: ['Egress'] };
}

type Pick = <T>(from: readonly T[]) => T;

const picker =
  (random: () => number): Pick =>
  <T>(from: readonly T[]): T =>
    from[below(random, from.length)] as T;

const TYPES: readonly (readonly Direction[] | undefined)[] = [
  ['Ingress'],
  ['Ingress'],
  ['Egress'],
  ['Ingress', 'Egress'],
  undefined,
];

function specOf(pick: Pick, world: World): PolicySpec {
  const types = pick(TYPES);
  const ingress = types?.includes('Ingress') === false ? undefined : rules(pick, world);
  // Where nothing is said of types, rules of egress alone make it one of egress as well.
  const isEgress = types ? types.includes('Egress') : pick([true, false]);
  const egress = isEgress ? rules(pick, world) : undefined;
  return {
    podSelector: podSelector(pick),
    ...(types && { policyTypes: types }),
    ...(ingress && { ingress: ingress.map(({ peers, ...ports }) => ({ ...(peers && { from: peers }), ...ports })) }),
    ...(egress && { egress: egress.map(({ peers, ...ports }) => ({ ...(peers && { to: peers }), ...ports })) }),
  };
}

interface Rule {
  readonly peers: readonly Peer[] | undefined;
  readonly ports?: readonly PolicyPort[];
}

const rules = (pick: Pick, world: World): readonly Rule[] =>
  Array.from({ length: pick([0, 1, 1, 1, 2]) }, () => {
    const ports = pick([undefined, undefined, some(pick, () => port(pick))]);
    const peers = pick([undefined, some(pick, () => peer(pick, world)), some(pick, () => peer(pick, world))]);
    return { peers, ...(ports && { ports }) };
  });

const some = <T>(pick: Pick, draw: () => T): readonly T[] => Array.from({ length: pick([1, 1, 2]) }, draw);

const podSelector = (pick: Pick): LabelSelector =>
  pick<() => LabelSelector>([
    () => ({}),
    () => ({ matchLabels: { pod: pick(PODS) } }),
    () => ({ matchLabels: { tier: pick(['front', 'back']) } }),
    () => ({
      matchExpressions: [{ key: 'pod', operator: pick(['In', 'NotIn'] as const), values: [pick(PODS), pick(PODS)] }],
    }),
    () => ({ matchExpressions: [{ key: 'tier', operator: pick(['Exists', 'DoesNotExist'] as const) }] }),
  ])();

const namespaceSelector = (pick: Pick): LabelSelector =>
  pick<() => LabelSelector>([
    () => ({}),
    () => ({ matchLabels: { ns: pick(NAMES) } }),
    () => ({ matchLabels: { 'kubernetes.io/metadata.name': pick(NAMES) } }),
    () => ({ matchExpressions: [{ key: 'ns', operator: pick(['In', 'NotIn'] as const), values: [pick(NAMES)] }] }),
  ])();

const peer = (pick: Pick, world: World): Peer =>
  pick<() => Peer>([
    () => ({ podSelector: podSelector(pick) }),
    () => ({ namespaceSelector: namespaceSelector(pick) }),
    () => ({ namespaceSelector: namespaceSelector(pick), podSelector: podSelector(pick) }),
    () => ({ ipBlock: ipBlock(pick, world.pods) }),
  ])();

const ipBlock = (pick: Pick, pods: readonly WorldPod[]): IpBlock => {
  const one = pick(pods).address;
  const node = `${one.slice(0, one.lastIndexOf('.'))}.0/24`;
  return pick<() => IpBlock>([
    () => ({ cidr: `${one}/32` }),
    () => ({ cidr: node }),
    () => ({ cidr: node, except: [`${one}/32`] }),
    () => ({ cidr: '10.42.0.0/16', except: [node] }),
  ])();
};

const port = (pick: Pick): PolicyPort =>
  pick<() => PolicyPort>([
    () => ({ protocol: 'TCP', port: pick([8181, 8191]) }),
    () => ({ port: pick(['http', 'admin']) }),
    () => ({ protocol: 'UDP', port: pick<number | string>([8182, 'echo']) }),
    () => ({ protocol: 'TCP', port: 8180, endPort: pick([8185, 8195]) }),
    () => ({ protocol: pick(['TCP', 'UDP'] as const) }),
  ])();
