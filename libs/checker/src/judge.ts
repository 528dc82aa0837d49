/** Judges a history: the whole of it, by what every run must show and what its scenario expects. Pure. */
import type { EventOf, Nanoseconds, Stamped } from '@faultline/history';
import { ownership } from './address.ts';
import { combine } from './combine.ts';
import type { Expectation } from './expectation.ts';
import { judgeAbout, nameOf } from './expected.ts';
import { aboutFault, gather, type FaultFacts } from './facts.ts';
import { headline } from './headline.ts';
import { matrix } from './matrix.ts';
import { situationOf } from './judged.ts';
import { measureOf } from './measure.ts';
import { milestones } from './milestone.ts';
import { timeline } from './timeline.ts';
import { INVARIANTS } from './invariant.ts';
import { AFTERMATH, GATES, type Check } from './standing.ts';
import { milliseconds } from './statistics.ts';
import { subjectOf } from './subject.ts';
import { SWEEP_GATES, SWEEP_INVARIANTS } from './sweep.ts';
import { VERDICT_VERSION, type CheckResult, type Envelope, type FaultMeasure, type Verdict } from './verdict.ts';

/**
 * The verdict on a history, by these expectations (those of its plan).
 * Never throws on what a history holds: a check that throws is inconclusive, with its error as the reason.
 */
export function judge(events: readonly Stamped[], expectations: readonly Expectation[]): Verdict {
  const facts = gather(events);
  const situation = situationOf(facts, expectations);
  const { when, address } = situation;
  const subject = subjectOf(facts, expectations);
  const focus = subject ? situationOf(aboutFault(facts, subject), expectations) : situation;

  const gates = named({ ...GATES, ...SWEEP_GATES }, (check) => check(situation));
  const closed = gates.find(({ outcome }) => outcome !== 'pass');
  const expected = expectations.map((expectation) =>
    guarded(nameOf(expectation), () =>
      closed ? { outcome: 'inconclusive', reason: `not judged: ${closed.reason}` } : judgeAbout(expectation, situation),
    ),
  );
  const standing = { ...INVARIANTS, ...AFTERMATH };
  const checks = [
    ...gates,
    ...expected.flat(),
    ...named(standing, (check) => check(situation)),
    ...named(SWEEP_INVARIANTS, (check) => unlessClosed(check(situation), closed)),
  ];
  const outcome = combine(checks.map((check) => check.outcome));

  const probes = focus.observations.map((observation) => measureOf(observation, when, focus.when));
  const faults = facts.faults.map((fault) => faultMeasure(fault, facts.origin));
  const pairs = matrix(facts, when);
  const owned = ownership(address, facts.origin);
  return {
    ...identity(facts.begin),
    outcome,
    reason: reasonOf(outcome, checks),
    headline: headline({ expectations, faults, subject: subject?.fault, probes, matrix: pairs, ownership: owned }),
    checks,
    faults,
    ...(subject && { subject: subject.fault }),
    probes,
    milestones: milestones(situation, focus),
    timeline: timeline(focus),
    ownership: owned,
    repeat: facts.begin?.repeat ?? null,
    envelope: envelopeOf(expectations),
    matrix: pairs,
  };
}

/** What was lost where the experiment was none, because the host was too busy for it, is no finding. */
function unlessClosed(found: ReturnType<Check>, closed: CheckResult | undefined): ReturnType<Check> {
  if (found?.outcome !== 'fail' || !closed) return found;
  return { outcome: 'inconclusive', reason: `${found.reason}; not judged: ${closed.reason}` };
}

function named<C>(
  checks: Readonly<Record<string, C>>,
  act: (check: C) => Omit<CheckResult, 'check'> | undefined,
): readonly CheckResult[] {
  return Object.entries(checks).flatMap(([name, check]) => guarded(name, () => act(check)));
}

function guarded(check: string, act: () => Omit<CheckResult, 'check'> | undefined): readonly CheckResult[] {
  try {
    const found = act();
    return found ? [{ check, ...found }] : [];
  } catch (error) {
    return [
      {
        check,
        outcome: 'inconclusive',
        reason: `the check itself failed: ${error instanceof Error ? error.message : String(error)}`,
      },
    ];
  }
}

/** The first check with the outcome decided it; of a pass, the first that was expected says the most. */
function reasonOf(outcome: Verdict['outcome'], checks: readonly CheckResult[]): string {
  if (outcome !== 'pass') return checks.find((check) => check.outcome === outcome)?.reason ?? 'nothing was checked';
  const standing = { ...GATES, ...SWEEP_GATES, ...INVARIANTS, ...AFTERMATH, ...SWEEP_INVARIANTS };
  return checks.find(({ check }) => !(check in standing))?.reason ?? 'every check passed';
}

function faultMeasure({ fault, kind, nodes, parameters, inject, heal }: FaultFacts, origin: Nanoseconds): FaultMeasure {
  const since = (at: Nanoseconds | null | undefined): number | null =>
    at === null || at === undefined ? null : milliseconds(at - origin);
  return {
    fault,
    kind,
    nodes,
    parameters,
    injectBegin: milliseconds(inject.begin - origin),
    inForce: since(inject.end),
    healBegin: since(heal?.begin),
    healed: since(heal?.end),
  };
}

function envelopeOf(expectations: readonly Expectation[]): Envelope | null {
  const promised = expectations.find((expectation) => expectation.check === 'failover');
  if (!promised) return null;
  const { check: _check, fault: _fault, ...envelope } = promised;
  return envelope;
}

type Identity = Pick<
  Verdict,
  | 'version'
  | 'run'
  | 'scenario'
  | 'cell'
  | 'substrate'
  | 'substrateReason'
  | 'seed'
  | 'command'
  | 'versions'
  | 'commit'
  | 'dirty'
>;

function identity(begin: EventOf<'run.begin'> | undefined): Identity {
  const {
    run = '?',
    scenario = '?',
    cell = {},
    substrate = 'bare',
    substrateReason = 'the history does not say',
  } = begin ?? {};
  const { seed = 0, command = '', versions = {}, commit = null, dirty = false } = begin ?? {};
  return {
    version: VERDICT_VERSION,
    run,
    scenario,
    cell,
    substrate,
    substrateReason,
    seed,
    command,
    versions,
    commit,
    dirty,
  };
}
