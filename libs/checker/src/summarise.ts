/** Several runs of one cell, put together; and two such sets, compared. */
import { isInOrder } from './stage-order.ts';
import { SET_VERSION, type Distribution, type ProbeDistribution, type SetVerdict, type Shift } from './set.ts';
import { ascending, hodgesLehmann, median, medianInterval, quantile, tally } from './statistics.ts';
import { STAGES, type Outcome, type ProbeMeasure, type StageTime, type Verdict } from './verdict.ts';

/** What a set is, told by whoever ran it. */
export type SetIdentity = Pick<
  SetVerdict,
  'set' | 'scenario' | 'cell' | 'label' | 'command' | 'commit' | 'dirty' | 'versions'
>;

/** One of the runs, and where it lies. */
export interface SetRun {
  readonly verdict: Verdict;
  readonly folder: string;
}

/**
 * The summary of a set. Every run is counted with its outcome; figures come only from those that were conclusive, failed
 * ones too: leaving out what came too late would flatter the load balancer.
 */
export function summarise(runs: readonly SetRun[], identity: SetIdentity): SetVerdict {
  const verdicts = runs.map(({ verdict }) => verdict);
  const conclusive = verdicts.filter(({ outcome }) => outcome !== 'inconclusive');
  const probes = probeNames(conclusive).map((name) => probeDistribution(name, conclusive));
  const envelope = verdicts.find((verdict) => verdict.envelope !== null)?.envelope ?? null;
  const timed = conclusive.filter(({ timeline }) => timeline.length > 0);
  return {
    version: SET_VERSION,
    ...identity,
    runs: runs.map(({ folder, verdict: { run, seed, outcome, reason } }) => ({ run, seed, outcome, reason, folder })),
    counts: counted(verdicts),
    probes,
    stages: timed.length === 0 ? [] : STAGES.map((stage) => stageOf(stage, timed)),
    complete: { runs: timed.filter(({ timeline }) => isInOrder(timeline)).length, of: timed.length },
    envelope,
    ratio: ratioOf(envelope, probes),
    splitBrain: verdicts.filter(hadTwoOwners).length,
  };
}

function counted(verdicts: readonly Verdict[]): Record<Outcome, number> {
  return { pass: 0, fail: 0, inconclusive: 0, ...tally(verdicts.map(({ outcome }) => outcome)) };
}

function probeNames(verdicts: readonly Verdict[]): readonly string[] {
  return [...new Set(verdicts.flatMap(({ probes }) => probes.map(({ probe }) => probe)))];
}

function probeDistribution(name: string, verdicts: readonly Verdict[]): ProbeDistribution {
  const measures = verdicts.flatMap(({ probes }) => probes.filter(({ probe }) => probe === name));
  const outages = verdicts.flatMap(({ probes, faults }) =>
    probes.flatMap(({ probe, worst }) => (probe === name && worst ? [{ worst, until: healBegin(faults) }] : [])),
  );
  // What ended when the fault was healed says how long the fault was, and not how long the outage would have been.
  const ended = outages.filter(({ worst: { end }, until }) => end !== null && end <= until);
  const during = measures.flatMap(({ windows }) => windows.filter(({ window }) => window === 'during'));
  return {
    probe: name,
    layer: (measures[0] as ProbeMeasure).layer,
    outage: distribution(ended.map(({ worst }) => worst.duration.estimate)),
    back: distribution(verdicts.flatMap((verdict) => backOf(name, verdict))),
    neverEnded: outages.length - ended.length,
    unharmed: measures.filter(({ worst }) => worst === null).length,
    lost: during.reduce((sum, { lost }) => sum + lost, 0),
    sent: during.reduce((sum, { sent }) => sum + sent, 0),
  };
}

function stageOf(stage: (typeof STAGES)[number], verdicts: readonly Verdict[]): SetVerdict['stages'][number] {
  const times = verdicts.flatMap(({ timeline, faults }) =>
    timeline.flatMap((time) => (time.stage === stage ? [unlessHealed(time, faults)] : [])),
  );
  return {
    stage,
    at: distribution(times.flatMap(({ at }) => (at ? [at.estimate] : []))),
    missing: tally(times.flatMap(({ at, detail }) => (at ? [] : [detail]))) as Record<string, number>,
  };
}

/** Milliseconds from the begin of the measurement, as outages are. */
const healBegin = ([fault]: Verdict['faults']): number => fault?.healBegin ?? Infinity;

/** A stage that was reached when the fault was healed was reached by that. */
function unlessHealed(time: StageTime, faults: Verdict['faults']): StageTime {
  const inForce = faults[0]?.inForce ?? 0;
  const isHealed = time.at !== null && time.at.low + inForce > healBegin(faults);
  return isHealed ? { ...time, at: null, detail: 'not before the fault was healed' } : time;
}

/** Null where there is no value. */
export function distribution(values: readonly number[]): Distribution | null {
  const sorted = ascending(values);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) return null;
  return { values, median: median(sorted), interval: medianInterval(sorted), least, most, p90: quantile(sorted, 0.9) };
}

function ratioOf(envelope: Verdict['envelope'], probes: readonly ProbeDistribution[]): SetVerdict['ratio'] {
  const back = probes.find(({ probe }) => probe === envelope?.probe)?.back;
  return envelope && back ? { probe: envelope.probe, value: back.median / envelope.medianMs } : null;
}

function backOf(name: string, { probes, faults }: Verdict): readonly number[] {
  const end = probes.find(({ probe }) => probe === name)?.worst?.end;
  const [fault] = faults;
  return fault && typeof end === 'number' && end <= healBegin(faults) ? [end - fault.injectBegin] : [];
}

/** Whether the scenario expected them or not: a table of load balancers tells both. */
function hadTwoOwners({ ownership, checks }: Verdict): boolean {
  return (
    ownership.some(({ owners }) => owners.length > 1) ||
    checks.some(({ check, outcome }) => check === 'one owner' && outcome === 'fail')
  );
}

/** By how much `b` differs from `a`, for every probe whose outages both sets hold enough of (4 and 4, or 3 and 5). */
export function compareSets(a: SetVerdict, b: SetVerdict): readonly Shift[] {
  return a.probes.flatMap(({ probe, outage }): Shift[] => {
    const other = b.probes.find((candidate) => candidate.probe === probe)?.outage;
    const found = outage && other ? hodgesLehmann(outage.values, other.values) : null;
    if (!found) return [];
    const { shift, low, high } = found;
    return [{ probe, shift, low, high, differs: low > 0 || high < 0 }];
  });
}
