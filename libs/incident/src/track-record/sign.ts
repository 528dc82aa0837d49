/** Whether a run showed an incident's sign: read from its history, by the same checks that judge scenarios. */
import { expectationName, judge, type Expectation } from '@faultline/checker';
import type { Stamped } from '@faultline/history';

export interface SignSeen {
  readonly shown: boolean | null;
  readonly saw: string;
}

/**
 * The sign is judged alone: whether the scenario expected it makes no difference. What every run is judged by besides is left
 * out, but for the gates: without a steady state and a fault that bit, nothing was asked.
 */
export function signIn(events: readonly Stamped[], sign: Expectation): SignSeen {
  const name = expectationName(sign);
  const asked = judge(events, [sign]).checks.filter(({ check }) => check === name);
  const decided = (outcome: string) => asked.filter((one) => one.outcome === outcome);
  const because = decided('inconclusive').concat(decided('fail')).concat(asked);
  const saw = because[0]?.reason ?? 'nothing was judged';
  if (asked.length === 0 || decided('inconclusive').length > 0) return { shown: null, saw };
  return { shown: decided('fail').length === 0, saw };
}
