/** Of several faults, the one that a failover is about: its times count from it. */
import type { Expectation } from './expectation.ts';
import { eventsOf, type FaultFacts, type Facts } from './facts.ts';

/**
 * The one that the failover names, else that the first check names that names any, else that struck the announcer.
 * Undefined: there is only one, or none stands out; then the first counts.
 */
export function subjectOf({ events, faults }: Facts, expectations: readonly Expectation[]): FaultFacts | undefined {
  if (faults.length < 2) return undefined;
  const naming = expectations.filter(({ fault }) => fault !== undefined);
  const named = naming.find(({ check }) => check === 'failover') ?? naming[0];
  const struck = eventsOf(events, 'target').find(({ selector }) => selector === 'announcer()');
  return faults.find(({ fault }) => fault === (named ?? struck)?.fault);
}
