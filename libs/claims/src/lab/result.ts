/** What a lab wrote: one file of JSON, in docs/evidence/claims/. */
import { ResultError } from '../result.ts';

export interface LabStep {
  readonly step: string;
  readonly says: string;
  readonly holds: boolean;
  readonly saw: string;
  readonly ms: number;
}

export interface LabResult {
  readonly version: 1;
  readonly nodes: number;
  readonly release: string;
  readonly run: string;
  /** Wall time. */
  readonly at: string;
  readonly steps: readonly LabStep[];
}

export const labFile = ({ nodes, release }: LabResult): string =>
  `lab-${nodes}-${nodes === 1 ? 'node' : 'nodes'}-${release}.json`;

/** @throws ResultError */
export function parseLab(text: string, file: string): LabResult {
  const value = JSON.parse(text) as Partial<LabResult>;
  if (value.version === 1 && Array.isArray(value.steps)) return value as LabResult;
  throw new ResultError(`${file}: no lab. Allowed: what faultline claims --lab wrote.\nNext: run it again`);
}
