/** What the judgement of an expectation starts from, and what it answers. */
import { addressFacts } from './address.ts';
import type { Expectation } from './expectation.ts';
import type { Facts } from './facts.ts';
import { disturbance, observed, type Observed } from './measure.ts';
import type { Situation } from './standing.ts';
import type { CheckResult, Outcome } from './verdict.ts';

export interface Judged extends Situation {
  readonly observations: readonly Observed[];
}

/** What is known of the faults that these facts tell of. */
export function situationOf(facts: Facts, expectations: readonly Expectation[]): Judged {
  const when = disturbance(facts);
  return {
    facts,
    when,
    address: addressFacts(facts, when),
    expectations,
    observations: facts.probes.map((probe) => observed(probe, facts.origin, when)),
  };
}

export type Answer = Omit<CheckResult, 'check'>;
export type Of<K extends Expectation['check']> = Extract<Expectation, { check: K }>;

export const answer = (outcome: Outcome, reason: string): Answer => ({ outcome, reason });
export const passIf = (isRight: boolean, reason: string): Answer => answer(isRight ? 'pass' : 'fail', reason);

/** The probe by its name; where it has no samples, the answer that says so. */
export function probeOf(name: string, { observations }: Judged): Observed | Answer {
  const found = observations.find(({ probe }) => probe.description.name === name);
  if (found && found.series.rows.length > 0) return found;
  const known = observations.map(({ probe }) => probe.description.name).join(', ') || 'none';
  return answer('inconclusive', `no samples of the probe ${name}; there are: ${known}`);
}
