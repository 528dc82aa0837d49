/** The nodes of a cluster, called as a replay calls them. Pure. */
import { addressIn, HOSTS } from '@faultline/cluster/plan';
import type { SeenNode } from '../bundle/bundle.ts';
import { flagsOf } from './flags.ts';
import { isTable, table, plain } from './keep.ts';
import { selected } from './labels.ts';
import { nameOf, type RawObject } from './object.ts';
import type { Omissions } from './omissions.ts';
import { labelsOf } from './theirs.ts';

/** Where bundles are at home: a replay has another subnet, with the same last octets. */
export const BUNDLE_SUBNET = '198.18.0.0/24';

export interface NodeOf extends SeenNode {
  /** As it is called there, and its addresses there. */
  readonly was: { readonly name: string; readonly addresses: readonly string[] };
  /** Of Flannel, as it says on the Node: `vxlan`, `host-gw`, `wireguard`; undefined: it does not run there. */
  readonly backend: string | undefined;
}

interface Status {
  readonly addresses?: readonly { readonly type: string; readonly address: string }[];
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  readonly nodeInfo?: { readonly kubeletVersion?: string };
}

interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

/** Servers first, each role in the order of age and name. */
export function nodesOf(all: readonly RawObject[], keys: ReadonlySet<string>, omissions: Omissions): readonly NodeOf[] {
  const nodes = all.filter(({ kind }) => kind === 'Node').toSorted(byAge);
  const servers = nodes.filter(isServer);
  const agents = nodes.filter((node) => !isServer(node));
  const named = [...servers, ...agents].map((raw, index) => ({
    raw,
    role: isServer(raw) ? ('server' as const) : ('agent' as const),
    name: isServer(raw) ? `server-${index}` : `agent-${index - servers.length}`,
    address: addressIn(BUNDLE_SUBNET, Math.min(HOSTS.firstNode + index, HOSTS.client - 1)),
  }));
  return named.map(({ raw, ...called }) => ({ ...called, ...detailsOf(raw, keys, omissions) }));
}

function detailsOf(
  raw: RawObject,
  keys: ReadonlySet<string>,
  omissions: Omissions,
): Omit<NodeOf, 'name' | 'role' | 'address'> {
  const { addresses = [], conditions = [], nodeInfo } = (raw.status ?? {}) as Status;
  const annotations = isTable(raw.metadata['annotations']) ? raw.metadata['annotations'] : {};
  const { flags, left } = flagsOf(annotations['k3s.io/node-args']);
  for (const flag of left)
    omissions.add({ object: nameOf(raw), path: flag }, 'only flags that decide how the network is');
  const at = { object: nameOf(raw), path: 'labels', omissions };
  const labels = table(plain)(selected(labelsOf(raw) as Record<string, string>, keys) ?? {}, at);
  const backend = annotations['flannel.alpha.coreos.com/backend-type'];
  return {
    was: { name: raw.metadata.name, addresses: addresses.map(({ address }) => address) },
    release: releaseIn(nodeInfo?.kubeletVersion),
    ready: conditions.some(({ type, status }) => type === 'Ready' && status === 'True'),
    flags,
    labels: withoutOwn(labels as Readonly<Record<string, string>>),
    taints: taintsOf(raw),
    backend: typeof backend === 'string' && /^[a-z0-9-]{1,30}$/.test(backend) ? backend : undefined,
  };
}

const releaseIn = (version = ''): string => (/^v\d+\.\d+\.\d+\+k3s\d+$/.test(version) ? version : 'unknown');

/** What every node has of itself: a name and a platform. */
const withoutOwn = (labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(labels).filter(
      ([key]) => !/^(?:kubernetes\.io|node-role\.kubernetes\.io|beta\.kubernetes\.io)\//.test(key),
    ),
  );

/** Those of the cluster come and go with its state, and come again where the state does. */
function taintsOf({ spec }: RawObject): readonly string[] {
  const { taints = [] } = (spec ?? {}) as { taints?: readonly Taint[] };
  const word = /^[A-Za-z0-9./_-]{1,100}$/;
  return taints
    .filter(({ key, value = '' }) => word.test(key) && (value === '' || word.test(value)))
    .filter(({ key }) => !key.startsWith('node.kubernetes.io/'))
    .map(({ key, value = '', effect }) => `${key}${value === '' ? '' : `=${value}`}:${effect}`);
}

function isServer(raw: RawObject): boolean {
  const labels = labelsOf(raw);
  return 'node-role.kubernetes.io/control-plane' in labels || 'node-role.kubernetes.io/master' in labels;
}

function byAge(one: RawObject, other: RawObject): number {
  const keyOf = ({ metadata }: RawObject) => `${JSON.stringify(metadata['creationTimestamp'])} ${metadata.name}`;
  return keyOf(one) < keyOf(other) ? -1 : 1;
}
