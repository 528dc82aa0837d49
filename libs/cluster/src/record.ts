/** What a run's folder keeps of its cluster, so that another process can take it up. Ids are not in it: the engine knows them, by label. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterPlan } from './spec.ts';

/** 2: a plan knows balancers and a pool. */
export const RECORD_VERSION = 2;

export interface ClusterRecord {
  readonly version: typeof RECORD_VERSION;
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
  const record = read(folder);
  return record?.version === RECORD_VERSION ? record : undefined;
}

/** Whether the run was told to be kept, whatever the version of its record: what we cannot take up we do not throw away. */
export const isKept = (folder: string | undefined): boolean => read(folder)?.kept === true;

function read(folder: string | undefined): ClusterRecord | undefined {
  if (!folder) return undefined;
  try {
    return JSON.parse(readFileSync(fileIn(folder), 'utf8')) as ClusterRecord;
  } catch {
    return undefined;
  }
}
