/** Plans of older versions, made the plans of today: an old run can always be judged and reported again. */
import { PLAN_VERSION, type RunPlan } from './plan-run.ts';
import type { PlannedFault } from './schedule.ts';

/** Versions 1 and 2 have one fault, and what becomes of it stands beside it; version 1 knows no recovery that ends it. */
interface SingleFault extends Omit<RunPlan, 'faults'> {
  readonly fault: Omit<PlannedFault, 'heal' | 'untilRecovered'>;
  readonly heal: boolean;
  readonly untilRecovered?: boolean;
}

/** @throws RangeError when it is of a version that this faultline does not know. */
export function upgradePlan(plan: { readonly version: number }): RunPlan {
  if (plan.version === PLAN_VERSION) return plan as RunPlan;
  if (plan.version !== 1 && plan.version !== 2)
    throw new RangeError(`a plan of version ${plan.version}. Known: 1 to ${PLAN_VERSION}. Next: a newer faultline`);
  const { fault, heal, untilRecovered = false, ...rest } = plan as SingleFault;
  return { ...rest, version: PLAN_VERSION, faults: [{ ...fault, heal, untilRecovered }] };
}
