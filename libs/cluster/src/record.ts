/** What a run's folder keeps of its cluster, so that another process can take it up. Ids are not in it: the engine knows them, by label. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterPlan } from './spec.ts';

export interface ClusterRecord {
  readonly version: 1;
  readonly run: string;
  readonly plan: ClusterPlan;
  readonly subnet: string;
  readonly kubeconfig: string | null;
  readonly versions: Readonly<Record<string, string>>;
  /** Left running on purpose: survives the death of its maker until it expires or is taken down. */
  readonly kept: boolean;
}

const fileIn = (folder: string): string => join(folder, 'cluster.json');

/** Where a substrate that has one puts its kubeconfig; it is removed with the cluster. */
export const kubeconfigIn = (folder: string): string => join(folder, 'kubeconfig');

/** Written synchronously: what was told to be kept is kept, even if we are killed on the next line. */
export function writeRecord(folder: string, record: ClusterRecord): void {
  writeFileSync(fileIn(folder), `${JSON.stringify(record, null, 2)}\n`);
}

/** Undefined when there is none, or what is there is no record of today's version. */
export function readRecord(folder: string | undefined): ClusterRecord | undefined {
  if (!folder) return undefined;
  try {
    const record = JSON.parse(readFileSync(fileIn(folder), 'utf8')) as ClusterRecord;
    return record.version === 1 ? record : undefined;
  } catch {
    return undefined;
  }
}
