/** What is judged of every run, without being written in a scenario: that the experiment was one, and that it left nothing behind. */
import type { Expectation } from './expectation.ts';
import type { AddressFacts } from './address.ts';
import { eventsOf, type Facts, type FaultFacts } from './facts.ts';
import { aliveAfter, asPlanned, controlAlive } from './looks.ts';
import { lateness, type Disturbance } from './measure.ts';
import { lostShare } from './matrix.ts';
import type { CheckResult, Outcome, Verdict } from './verdict.ts';

/**
 * The prober's own p99 lateness beyond which a duration that it measured is worth nothing, milliseconds; below it the bound
 * widens by itself. A share or a reachability is none the worse for samples that come late, up to a whole timeout.
 */
export const LATE_LIMIT_MS = 50;
const LATE_LIMIT_OF_SHARES_MS = 250;
/** Of the samples, those that were never sent. */
const NEVER_SENT_LIMIT = 0.05;
/** Lost before the fault, by a probe that is judged: more is no steady state. A busy host loses one in a hundred. */
const QUIET_SHARE = 0.05;

export interface Situation {
  readonly facts: Facts;
  readonly when: Disturbance;
  readonly address: AddressFacts;
  readonly expectations: readonly Expectation[];
}

export type Check = (situation: Situation) => Omit<CheckResult, 'check'> | undefined;

/** Without these the expectations are not judged: the history is no experiment. In the order in which one explains the next. */
export const GATES: Readonly<Record<string, Check>> = {
  'run completed': completed,
  'steady before': steadyBefore,
  'fault proved': proved,
  'fault as planned': asPlanned,
  'control alive': controlAlive,
  'prober on time': onTime,
};

export const AFTERMATH: Readonly<Record<string, Check>> = {
  'fault healed': healed,
  'machines answer': aliveAfter,
  'no residue': residue,
  'steady after': steadyAfter,
};

/** What says that a cluster can be used again. */
const GROUND: readonly string[] = [
  'run completed',
  ...Object.keys(AFTERMATH),
  'reachability after',
  'golden data plane',
];

/** Whether the run left its cluster as it found it, whatever clients saw meanwhile. A doubtful run did not, for all that is known. */
export const leftAsFound = ({ outcome, checks }: Pick<Verdict, 'outcome' | 'checks'>): boolean =>
  outcome !== 'inconclusive' && checks.every(({ check, outcome: one }) => one === 'pass' || !GROUND.includes(check));

export const result = (outcome: Outcome, reason: string): Omit<CheckResult, 'check'> => ({ outcome, reason });

/** Cut off after everything was collected is complete: nothing that is judged was still to come. */
function completed({ facts }: Situation): ReturnType<Check> {
  const { begin, end, lastPhase, events } = facts;
  if (!begin) return result('inconclusive', 'no run: the history does not begin with run.begin');
  if (end?.outcome === 'interrupted')
    return result('inconclusive', `interrupted in phase ${lastPhase ?? 'none'}${end.error ? `: ${end.error}` : ''}`);
  if (end?.outcome === 'failed')
    return result('inconclusive', `run failed in phase ${lastPhase ?? 'none'}: ${end.error ?? 'no reason given'}`);
  const collected = eventsOf(events, 'phase').some(
    ({ phase, edge, error }) => phase === 'collect' && edge === 'end' && error === undefined,
  );
  if (!end && !collected)
    return result(
      'inconclusive',
      `cut off: the history ends in phase ${lastPhase ?? 'none'}, after event ${events.at(-1)?.seq ?? 0}`,
    );
  return result('pass', 'the run was completed');
}

function steadyBefore({ facts, when, expectations }: Situation): ReturnType<Check> {
  const gate = eventsOf(facts.events, 'steady').find((event) => event.when === 'before');
  if (!gate) return result('inconclusive', 'never steady: the run did not come that far');
  if (!gate.ok) return result('inconclusive', `never steady: ${gate.detail}`);
  const judged = namesOf(expectations, () => true);
  const from = facts.measure?.begin ?? -Infinity;
  const noisy = facts.probes
    .filter(({ description }) => facts.faults.length > 0 && judged.includes(description.name))
    .map((probe) => ({ name: probe.description.name, share: lostShare(probe, from, when.begin) ?? 0 }))
    .filter(({ share }) => share > QUIET_SHARE);
  const [worst] = noisy;
  if (worst)
    return result(
      'inconclusive',
      `never steady: ${worst.name} lost ${percent(worst.share)} in the measured time before the fault`,
    );
  return result('pass', gate.detail);
}

/** Read back from the system (state), and seen to act (effect); where the expectation is that nothing is lost, the state is enough. */
function proved({ facts, expectations }: Situation): ReturnType<Check> {
  const { faults } = facts;
  if (faults.length === 0) return result('inconclusive', 'no effect: no fault was injected');
  const doubts = faults.flatMap((fault) => doubtAbout(fault, isHarmless(fault, expectations)));
  if (doubts.length > 0) return result('inconclusive', `no effect: ${doubts.join('; ')}`);
  return result('pass', faults.map(({ kind, injected }) => `${kind}: ${injected?.detail}`).join('; '));
}

/** As good as nothing: a busy host loses one in a hundred. */
const NEXT_TO_NOTHING = 0.02;

/** Nothing is expected to be lost by this fault: then one that touches nothing is what was asked for. */
function isHarmless({ fault }: FaultFacts, expectations: readonly Expectation[]): boolean {
  const losses = expectations.flatMap((one): readonly unknown[] => {
    if (one.fault !== undefined && one.fault !== fault) return [];
    if (one.check === 'sweep' || one.check === 'reachability') return [one.lost];
    // What is bounded beside the question says nothing of the fault; what is said of it by name does.
    if (one.check !== 'loss-at-most' || one.fault !== fault) return [];
    return [one.share <= NEXT_TO_NOTHING ? 'none' : 'some'];
  });
  return losses.length > 0 && losses.every((lost) => lost === 'none');
}

function doubtAbout({ kind, injected, injectError, inject }: FaultFacts, mayBeHarmless: boolean): readonly string[] {
  if (injectError !== undefined) return [`${kind} could not be injected: ${injectError}`];
  if (inject.end === null) return [`${kind} was still being injected when the history ends`];
  if (!injected) return [`${kind} was never proved`];
  if (!injected.state) return [`${kind} is not in force as planned (${injected.detail})`];
  return injected.effect === false && !mayBeHarmless ? [`${kind} touched nothing (${injected.detail})`] : [];
}

function onTime({ facts, expectations }: Situation): ReturnType<Check> {
  const from = facts.measure?.begin ?? -Infinity;
  const judged = namesOf(expectations, (expectation) => 'probe' in expectation);
  const timed = namesOf(expectations, ({ check }) => ['outage', 'failover', 'loss-share'].includes(check));
  const late = facts.probes
    .filter(({ description: { name, rateHz } }) => rateHz > 0 && (judged.length === 0 || judged.includes(name)))
    .map(({ description: { name }, rows }) => ({ name, rows: rows.filter((row) => row[1] >= from) }))
    .filter(({ rows }) => rows.length > 0)
    .map(({ name, rows }) => ({
      name,
      p99: lateness(rows)?.p99 ?? 0,
      unsent: rows.filter((row) => row[4] === 'late').length / rows.length,
      limit: timed.includes(name) ? LATE_LIMIT_MS : LATE_LIMIT_OF_SHARES_MS,
    }))
    .toSorted((a, b) => b.p99 / b.limit - a.p99 / a.limit);
  const [worst] = late;
  if (!worst) return result('inconclusive', 'no samples: no probe that is judged sent any during the measurement');
  const bad = late.find(({ p99, unsent, limit }) => p99 > limit || unsent > NEVER_SENT_LIMIT);
  const { name, p99, unsent, limit } = bad ?? worst;
  const saw = `${name} was ${p99.toFixed(1)} ms late at the 99th percentile, ${percent(unsent)} never sent`;
  const limits = `the limits are ${limit} ms and ${percent(NEVER_SENT_LIMIT)}`;
  return bad ? result('inconclusive', `prober late: ${saw}; ${limits}`) : result('pass', `at worst, ${saw}; ${limits}`);
}

function namesOf(
  expectations: readonly Expectation[],
  isWanted: (expectation: Expectation) => boolean,
): readonly string[] {
  return expectations.filter(isWanted).flatMap((expectation) => ('probe' in expectation ? [expectation.probe] : []));
}

/** A run without a fault, or one that leaves it in place on purpose, has nothing to say here. */
function healed({ facts }: Situation): ReturnType<Check> {
  const undone = facts.faults.filter(({ heal }) => heal !== null);
  if (undone.length === 0) return undefined;
  const bad = undone.flatMap(({ kind, heal, healError, healed: proof }) => {
    if (healError !== undefined) return [`${kind} could not be healed: ${healError}`];
    if (proof && !proof.state) return [`${kind} is still there (${proof.detail})`];
    return heal?.end === null ? [`${kind} was still being healed when the history ends`] : [];
  });
  return bad.length > 0
    ? result('fail', bad.join('; '))
    : result('pass', undone.map(({ kind, healed: proof }) => `${kind}: ${proof?.detail ?? 'healed'}`).join('; '));
}

function residue({ facts }: Situation): ReturnType<Check> {
  const compared = eventsOf(facts.events, 'dataplane');
  if (compared.length === 0) return undefined;
  const left = compared.filter((event) => event.residue.length > 0);
  if (left.length === 0)
    return result('pass', `the data plane of ${compared.map(({ node }) => node).join(', ')} is as it was`);
  const lines = left.map(
    (event) =>
      `${event.node}: ${event.residue.slice(0, 3).join(' | ')}${event.residue.length > 3 ? ` and ${event.residue.length - 3} more` : ''}`,
  );
  return result('fail', `left behind on ${lines.join('; ')}`);
}

/** Where it was healed before the end, service must have come back; that it did not is what clients saw, so it fails. */
function steadyAfter({ facts }: Situation): ReturnType<Check> {
  const after = eventsOf(facts.events, 'steady').find((event) => event.when === 'after');
  return (
    after && result(after.ok ? 'pass' : 'fail', after.ok ? after.detail : `not steady after healing: ${after.detail}`)
  );
}

export function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.1) return '< 0.1 %';
  return `${value > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} %`;
}
