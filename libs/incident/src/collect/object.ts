/** One object of a cluster, as far as it is kept. Pure. */
import type { KubeObject } from '@faultline/traefik';
import { isTable } from './keep.ts';
import { KEPT } from './kinds.ts';
import type { Omissions } from './omissions.ts';
import { metadata } from './shape/meta.ts';

/** As a cluster lists it, or a dump of it: anything may be in it. */
export interface RawObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>> & { readonly name: string; readonly namespace?: string };
  readonly spec?: unknown;
  readonly status?: unknown;
  readonly [other: string]: unknown;
}

export const isRaw = (value: unknown): value is RawObject =>
  isTable(value) &&
  typeof value['apiVersion'] === 'string' &&
  typeof value['kind'] === 'string' &&
  isTable(value['metadata']) &&
  typeof value['metadata']['name'] === 'string';

export const asRaw = (object: KubeObject): RawObject => object as unknown as RawObject;

export const nameOf = ({ kind, metadata: { name, namespace } }: RawObject): string =>
  `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;

/** Undefined where its kind is none that is kept, or where not even its name can be kept. */
export function keptObject(raw: RawObject, omissions: Omissions): KubeObject | undefined {
  const kind = Object.hasOwn(KEPT, raw.kind) ? KEPT[raw.kind] : undefined;
  if (!kind?.apiVersions.includes(raw.apiVersion)) return omissions.add({ object: nameOf(raw), path: '' }, OTHER);
  const at = { object: nameOf(raw), path: 'metadata', omissions };
  const meta = metadata(raw.metadata, at) as KubeObject['metadata'] | undefined;
  // As the API has them: with nothing in them that a terminal obeys, or a path goes up by.
  if (![raw.metadata.name, raw.metadata.namespace ?? 'default'].every((name) => NAME.test(name))) return undefined;
  if (meta?.name === undefined || ('namespace' in raw.metadata && meta.namespace === undefined)) return undefined;
  const { annotations, labels, name, namespace } = meta;
  for (const other of Object.keys(raw)) {
    if (!['apiVersion', 'kind', 'metadata', 'spec', 'status'].includes(other))
      omissions.add({ ...at, path: other }, OTHER);
  }
  const spec = kind.spec(raw.spec ?? {}, { ...at, path: 'spec' }) as KubeObject['spec'];
  return {
    apiVersion: raw.apiVersion,
    kind: raw.kind,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(labels && Object.keys(labels).length > 0 && { labels }),
      ...(annotations && { annotations }),
    },
    ...(raw.kind !== 'Namespace' && spec && { spec }),
  };
}

/** RFC 1123 subdomains, and what RBAC allows besides. */
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9.:_-]{0,251}[A-Za-z0-9])?$/;
const OTHER = 'not on the list of what is kept';
