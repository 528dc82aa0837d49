/** How long a row will take: as long as it took on earlier nights, else by its plan. */
import { endOf, type RunPlan } from '@faultline/scenario/plan';
import type { Result } from './result.ts';

/** Seen on two cores, in milliseconds: boot and deployment; and around the faults the steady states, healing, report. */
const BY_PLAN = {
  k3s: { bootMs: 65_000, aroundMs: 30_000 },
  bare: { bootMs: 8_000, aroundMs: 15_000 },
} as const;

export interface Estimate {
  readonly bootMs: number;
  /** Without the boot. */
  readonly ownMs: number;
}

export function estimateByPlan({ substrate, faults }: Pick<RunPlan, 'substrate' | 'faults'>): Estimate {
  const { bootMs, aroundMs } = BY_PLAN[substrate];
  return { bootMs, ownMs: aroundMs + Math.max(0, ...faults.map(endOf)) };
}

/** What rows took without their boots, the median of the nights given, by row. */
export function measuredDurations(results: readonly Result[]): ReadonlyMap<string, number> {
  const rows = Map.groupBy(
    results.filter(({ verdict, folder }) => verdict !== 'skip' && folder !== null),
    ({ row }) => row,
  );
  return new Map([...rows].map(([row, lines]) => [row, middle(lines.map(ownMsOf))]));
}

const ownMsOf = ({ durationMs, bootMs = 0 }: Result): number => Math.max(0, durationMs - bootMs);

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
