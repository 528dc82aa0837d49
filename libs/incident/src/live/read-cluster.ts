/** Everything of a live cluster that a capture looks at. */
import { KEPT, SEEN, type Kind } from '../collect/kinds.ts';
import { isRaw, type RawObject } from '../collect/object.ts';
import { ALWAYS_READ } from '../collect/theirs.ts';
import { ClusterUnreadableError, type Reader } from './reader.ts';

export interface Read {
  readonly objects: readonly RawObject[];
  /** What one was not allowed to read. */
  readonly notes: readonly string[];
}

/**
 * @param namespaces only what is in them, and what is in none; empty: everything. Where Traefik and the load balancers are is always read.
 * @throws ClusterUnreadableError where the cluster does not answer. That one may not read a kind is a note.
 */
export async function readLive(reader: Reader, namespaces: readonly string[], signal: AbortSignal): Promise<Read> {
  // First, so that a cluster that does not answer says so once.
  await reader.version(signal);
  const places = namespaces.length === 0 ? [undefined] : [...new Set([...namespaces, ...ALWAYS_READ])];
  const notes: string[] = [];
  const lists = await Promise.all(
    Object.entries({ ...KEPT, ...SEEN }).map(async ([kind, of]) => {
      const where = of.namespaced ? places : [undefined];
      const read = await Promise.all(where.map((namespace) => ofKind(reader, { kind, of, namespace }, notes, signal)));
      return read.flat();
    }),
  );
  const objects = lists.flat().filter((raw) => isWanted(raw, namespaces));
  return { objects, notes: [...new Set(notes)] };
}

interface Asked {
  readonly kind: string;
  readonly of: Kind;
  readonly namespace: string | undefined;
}

async function ofKind(
  reader: Reader,
  { kind, of, namespace }: Asked,
  notes: string[],
  signal: AbortSignal,
): Promise<readonly RawObject[]> {
  const lists = await Promise.all(
    of.apiVersions.map(async (apiVersion) => {
      try {
        const items = await reader.list({ apiVersion, plural: of.plural, namespace }, signal);
        return items.map((item) => ({ ...item, kind }) as RawObject);
      } catch (error) {
        if (!(error instanceof ClusterUnreadableError && error.status === 403)) throw error;
        notes.push(`not allowed to read ${of.plural}${namespace === undefined ? '' : ` in ${namespace}`}: none here`);
        return [];
      }
    }),
  );
  return lists.flat().filter(isRaw);
}

/** Namespaces themselves are in none. */
const isWanted = ({ kind, metadata }: RawObject, namespaces: readonly string[]): boolean =>
  kind !== 'Namespace' || namespaces.length === 0 || namespaces.includes(metadata.name);
