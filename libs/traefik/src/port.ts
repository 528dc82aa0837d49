/** The ports of Traefik's chart: `ports.<name>.<key>`. */
import { isRecord } from './documents.ts';
import type { Path, Tree } from './tree.ts';

/** Paths at which a key is set to something. */
export function portsOf(values: Tree, key: string): readonly Path[] {
  const ports = values.get(['ports']);
  if (!isRecord(ports)) return [];
  return Object.entries(ports).flatMap(([name, port]) => (isRecord(port) && port[key] ? [['ports', name, key]] : []));
}
