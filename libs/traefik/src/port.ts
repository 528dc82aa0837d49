/** The ports of Traefik's chart: `ports.<name>.<key>`. */
import { isRecord } from './documents.ts';
import type { Path, Tree } from './tree.ts';

/** What chart 39 looks for below `ports.<name>.http`. */
export const MOVED: readonly string[] = ['middlewares', 'redirections', 'tls'];

/** Paths at which a key is set to something. */
export function portsOf(values: Tree, key: string): readonly Path[] {
  const ports = values.get(['ports']);
  if (!isRecord(ports)) return [];
  return Object.entries(ports).flatMap(([name, port]) => (isRecord(port) && port[key] ? [['ports', name, key]] : []));
}
