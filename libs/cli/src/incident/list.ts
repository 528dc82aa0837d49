/** The incidents of the track record: files beside the scenarios. */
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Incident } from '@faultline/incident/plan';
import { oneOf } from '../allowed.ts';
import { ROOT } from '../workspace.ts';

/** All of them, by name. */
export async function listIncidents(): Promise<readonly Incident[]> {
  const files = await Array.fromAsync(glob('scenarios/incidents/*.incident.ts', { cwd: ROOT }));
  const found = await Promise.all(
    files.map(async (file) => {
      const { default: incident } = (await import(pathToFileURL(join(ROOT, file)).href)) as { default: Incident };
      return incident;
    }),
  );
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Those that are named; all where none is. @throws UsageError naming the nearest and all that there are. */
export async function incidentsNamed(names: readonly string[]): Promise<readonly Incident[]> {
  const all = await listIncidents();
  const allowed = all.map(({ name }) => name);
  const wanted = new Set(names.map((name) => oneOf('incident', name, allowed)));
  return all.filter(({ name }) => wanted.size === 0 || wanted.has(name));
}
