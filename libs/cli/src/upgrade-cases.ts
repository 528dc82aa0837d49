/** Which objects an upgrade is tried with: the seven assertions, and one's own manifests, a live cluster's, or the corpus. */
import { join } from 'node:path';
import type { Engine } from '@faultline/control';
import type { Input } from '@faultline/traefik';
import { casesOf, readRows } from '@faultline/upgrade';
import { ownCases, seven, type Case } from '@faultline/upgrade/plan';
import { oneOf } from './allowed.ts';
import { UsageError } from './exit.ts';
import { readManifests } from './manifest-files.ts';
import { text, type Given } from './options.ts';
import { ROOT } from './workspace.ts';

export interface Brought {
  readonly cases: readonly Case[];
  /** Images of theirs that nodes are to have. */
  readonly images: readonly string[];
  /** What was replaced or left out, and why. */
  readonly notes: readonly string[];
}

interface About {
  readonly from: string;
  readonly to: string;
  readonly app: string;
  readonly engine: Engine;
}

const LISTS = ['seven', 'corpus', 'none'] as const;

/** What the list is called in folders and reports. @throws UsageError */
export function nameOfCases(options: Given): string {
  const { manifests, fromCluster } = options;
  if (manifests !== undefined && fromCluster !== undefined)
    throw new UsageError('--manifests and --from-cluster are two sources. Next: one or the other');
  const list = oneOf('--cases', text(options['cases']) ?? 'seven', LISTS);
  if (manifests !== undefined) return 'own';
  if (fromCluster !== undefined) return 'cluster';
  if (list === 'none')
    throw new UsageError('--cases none leaves nothing to ask for. Next: add --manifests <folder> or --from-cluster');
  return list;
}

/** The seven are among them unless they are left out: they say that the upgrade itself is clean. */
export async function casesFor(options: Given, about: About, signal: AbortSignal): Promise<Brought> {
  const { app, from, to } = about;
  const list = nameOfCases(options);
  const first = options['cases'] === 'none' ? [] : seven(app);
  if (list === 'seven') return { cases: first, images: [], notes: [] };
  if (list === 'corpus') {
    const rows = await readRows(join(ROOT, 'libs/traefik/corpus'));
    return { cases: [...first, ...casesOf(rows, { from, to })], images: [], notes: [] };
  }
  const inputs = list === 'own' ? await manifestsOf(options, signal) : await clusterOf(options, signal);
  const there = await imagesIn(about.engine);
  const own = ownCases(inputs, { app, isAtHand: (image) => there.has(named(image)) });
  if (own.cases.length === 0)
    throw new UsageError('none of these manifests holds an object. Next: --manifests <folder>');
  return { ...own, cases: [...first, ...own.cases] };
}

async function manifestsOf(options: Given, signal: AbortSignal): Promise<readonly Input[]> {
  return readManifests([text(options['manifests']) ?? ''], signal);
}

async function clusterOf(options: Given, signal: AbortSignal): Promise<readonly Input[]> {
  const { readCluster } = await import('./live-objects.ts');
  return (await readCluster(text(options['fromCluster']), signal)).inputs;
}

async function imagesIn(engine: Engine): Promise<ReadonlySet<string>> {
  const images = await engine.listImages();
  return new Set(images.flatMap(({ RepoTags }) => (RepoTags as readonly string[] | null) ?? []));
}

/** As the engine writes it: `docker.io/library/nginx` is `nginx:latest`. */
function named(image: string): string {
  const short = image.replace(/^(index\.)?docker\.io\/(library\/)?/, '');
  return /:[^/]+$/.test(short) || short.includes('@') ? short : `${short}:latest`;
}
