/** The proof of the faults alone, without the clients: for a fault by hand, and for whoever tests an injector. Pure. */
import type { Stamped } from '@faultline/history';
import { addressFacts } from './address.ts';
import { combine } from './combine.ts';
import { gather } from './facts.ts';
import { disturbance } from './measure.ts';
import { AFTERMATH, GATES, type Check } from './standing.ts';
import type { CheckResult, Outcome } from './verdict.ts';

/** What of the standing checks is about faults, and needs no run around them. */
const OF_FAULTS = [
  'fault proved',
  'fault as planned',
  'control alive',
  'fault healed',
  'machines answer',
  'no residue',
];

export interface ProofVerdict {
  readonly outcome: Outcome;
  readonly reason: string;
  readonly checks: readonly CheckResult[];
}

export function judgeProof(events: readonly Stamped[]): ProofVerdict {
  const facts = gather(events);
  const when = disturbance(facts);
  const situation = { facts, when, address: addressFacts(facts, when), expectations: [] };
  const all: Readonly<Record<string, Check>> = { ...GATES, ...AFTERMATH };
  const checks = OF_FAULTS.flatMap((check) => {
    const found = all[check]?.(situation);
    return found ? [{ check, ...found }] : [];
  });
  const outcome = combine(checks.map((one) => one.outcome));
  return { outcome, reason: checks.find((one) => one.outcome === outcome)?.reason ?? 'nothing was checked', checks };
}
