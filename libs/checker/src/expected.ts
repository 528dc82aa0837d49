/** Judges what a scenario expects. One function for each kind of expectation; each answers in one sentence with the figures. */
import { MILLISECOND, SECOND, type SampleRow } from '@faultline/history';
import type { Expectation } from './expectation.ts';
import { aboutFault, eventsOf } from './facts.ts';
import { BITES_WITHIN, lostShare, matrix } from './matrix.ts';
import { failover, outage } from './expected-outage.ts';
import { owner, ownersOverlap } from './expected-owner.ts';
import { answer, passIf, probeOf, situationOf, type Answer, type Judged, type Of } from './judged.ts';
import { failover as failoverTime, type Observed } from './measure.ts';
import { isReady } from './milestone.ts';
import { episodeEdges, episodeOf } from './outage.ts';
import { percent } from './standing.ts';
import { sweep, sweepName } from './sweep.ts';
import { seconds, written } from './wording.ts';

/** After healing, losses for this long still belong to the fault. */
const TAIL = 5 * SECOND;
/** A pair of pods is cut off when it loses at least this share, and reached when it loses no more than the other. */
const CUT_OFF = 0.9;
const REACHED = 0.1;

/** Judges it by the fault that it names, or by all of them; where there are several, the reason says by which. */
export function judgeAbout(expectation: Expectation, situation: Judged): Answer {
  const { facts, expectations } = situation;
  const { fault: named } = expectation;
  const fault = facts.faults.find((one) => one.fault === named);
  if (named !== undefined && !fault) {
    const known = facts.faults.map((one) => one.fault).join(', ') || 'none';
    return answer('inconclusive', `no fault ${named} was injected; those that were: ${known}`);
  }
  // Sweeps declare their cells together, whichever faults they name.
  const isNarrow = fault && expectation.check !== 'sweep';
  const { outcome, reason } = judgeExpectation(
    expectation,
    isNarrow ? situationOf(aboutFault(facts, fault), expectations) : situation,
  );
  if (facts.faults.length < 2) return { outcome, reason };
  const which = fault ? `${fault.fault} (${fault.kind} on ${fault.nodes.join(', ')})` : 'all faults';
  return { outcome, reason: `${which}: ${reason}` };
}

export function judgeExpectation(expectation: Expectation, situation: Judged): Answer {
  switch (expectation.check) {
    case 'outage':
      return outage(expectation, situation);
    case 'failover':
      return failover(expectation, situation);
    case 'owner':
      return owner(expectation, situation);
    case 'owners-overlap':
      return ownersOverlap(expectation, situation);
    case 'never-recovers':
      return neverRecovers(expectation, situation);
    case 'loss-at-most':
      return lossAtMost(expectation, situation);
    case 'loss-share':
      return steadyShare(expectation, situation);
    case 'reachability':
      return reachability(expectation, situation);
    case 'sweep':
      return sweep(expectation, situation);
    case 'nodes-ready':
      return nodesReady(expectation, situation);
  }
}

/** What a check is called in a report: `outage edge-http-new`. */
export function nameOf(expectation: Expectation): string {
  return expectation.fault === undefined ? bareName(expectation) : `${bareName(expectation)} (${expectation.fault})`;
}

function bareName(expectation: Expectation): string {
  if ('probe' in expectation) return `${expectation.check} ${expectation.probe}`;
  if (expectation.check === 'owner') return `owner: ${expectation.is}`;
  if (expectation.check === 'owners-overlap') return 'owners overlap';
  if (expectation.check === 'sweep') return sweepName(expectation);
  return expectation.check === 'reachability' ? `reachability, lost: ${expectation.lost}` : expectation.check;
}

function neverRecovers({ probe }: Of<'never-recovers'>, situation: Judged): Answer {
  const found = probeOf(probe, situation);
  if ('outcome' in found) return found;
  const { inForce, healBegin } = situation.when;
  const within = found.series.rows.filter((row) => row[1] >= inForce + BITES_WITHIN && row[1] < healBegin);
  if (within.length === 0) return answer('inconclusive', `${probe} sent nothing while the fault was in force`);
  const good = within.filter((row) => row[4] === 'ok');
  const first = good[0];
  if (!first) return answer('pass', `${probe} lost all ${within.length} samples while the fault was in force`);
  const at = seconds((first[1] - inForce) / 1e6);
  return answer(
    'fail',
    `${probe} answered ${good.length} of ${within.length} times while the fault was in force, first ${at} after it; expected never`,
  );
}

function lossAtMost({ probe, share }: Of<'loss-at-most'>, situation: Judged): Answer {
  const found = probeOf(probe, situation);
  if ('outcome' in found) return found;
  const { begin, healed } = situation.when;
  const lost = lostShare(found.probe, begin, healed + TAIL);
  const before = lostShare(found.probe, situation.facts.measure?.begin ?? -Infinity, begin) ?? 0;
  if (lost === null) return answer('inconclusive', `${probe} sent nothing while the fault was in force`);
  if (lost > share && before > share && lost < 2 * before) {
    return answer(
      'inconclusive',
      `never steady: ${probe} lost ${percent(lost)} while the fault was in force, and ${percent(before)} before it`,
    );
  }
  return passIf(
    lost <= share,
    `${probe} lost ${percent(lost)} while the fault was in force; expected at most ${percent(share)}`,
  );
}

function steadyShare(expected: Of<'loss-share'>, situation: Judged): Answer {
  const { probe, share, within, atLeastMs, atMostMs, afterMs } = expected;
  const found = probeOf(probe, situation);
  if ('outcome' in found) return found;
  const since = afterMs === undefined ? '' : ` from ${seconds(afterMs)} on`;
  const wanted = `${percent(share)} ± ${percent(within)}${since} for ${seconds(atLeastMs)} to ${seconds(atMostMs)}, then none`;
  if (!found.struck) return answer('fail', `${probe} lost nothing; expected ${wanted}`);
  const episode = episodeOf(found.series, found.struck);
  const took = failoverTime(episodeEdges(found.series, found.struck), situation.when);
  const rows = struckRows(found, afterMs === undefined ? -Infinity : situation.when.inForce + afterMs * MILLISECOND);
  const seen = lostOf(rows);
  const saw = `${probe} lost ${percent(seen)} (${Math.round(seen * rows.length)} of ${rows.length})${since}`;
  if (!took)
    return answer('fail', `${saw} until the end, for at least ${seconds(episode.duration.low)}; expected ${wanted}`);
  const quarters = [0, 1, 2, 3].map((quarter) =>
    lostOf(rows.slice(Math.floor((rows.length * quarter) / 4), Math.floor((rows.length * (quarter + 1)) / 4))),
  );
  // A quarter of the window is a smaller sample: chance alone moves its share by three standard deviations.
  const chance = 3 * Math.sqrt((share * (1 - share)) / Math.max(1, rows.length / 4));
  const isSteady = quarters.every((quarter) => Math.abs(quarter - share) <= Math.max(within, chance));
  const isRight = Math.abs(seen - share) <= within && took.high >= atLeastMs && took.low <= atMostMs;
  const byQuarter = isSteady ? '' : `, not steadily: ${quarters.map(percent).join(', ')}`;
  return passIf(
    isRight && isSteady,
    `${saw}${byQuarter} for ${written(took)} from the fault, then none; expected ${wanted}`,
  );
}

/** From the first loss to the last, as far as they are later than an instant. */
const struckRows = ({ series, struck }: Observed, from: number): readonly SampleRow[] =>
  struck ? series.rows.slice(struck.first, struck.last + 1).filter((row) => row[1] >= from) : [];

const lostOf = (rows: readonly SampleRow[]): number =>
  rows.filter((row) => row[4] !== 'ok').length / Math.max(1, rows.length);

function reachability({ lost }: Of<'reachability'>, { facts, when }: Judged): Answer {
  const pairs = matrix(facts, when);
  const struck = new Set(facts.faults.flatMap(({ nodes }) => nodes));
  const arrow = ({ from, to }: { from: string; to: string }): string => `${from} → ${to}`;
  const unsent = pairs.filter(({ during }) => during === null);
  if (pairs.length === 0) return answer('inconclusive', 'no pod-to-pod probe ran');
  if (unsent.length > 0)
    return answer('inconclusive', `nothing was sent while the fault was in force: ${unsent.map(arrow).join(', ')}`);
  const unreached = pairs.filter(({ before }) => (before ?? 1) > REACHED);
  if (unreached.length > 0)
    return answer('inconclusive', `never steady: not reached before the fault: ${unreached.map(arrow).join(', ')}`);
  const mustBeLost = (from: string, to: string): boolean =>
    lost === 'cross-node-of-target' && struck.has(from) !== struck.has(to);
  const wrong = pairs.filter(({ from, to, during }) =>
    mustBeLost(from, to) ? (during ?? 0) < CUT_OFF : (during ?? 0) > REACHED,
  );
  const cut = pairs.filter(({ during }) => (during ?? 0) >= CUT_OFF).length;
  const expected =
    lost === 'none'
      ? 'none'
      : `exactly the ${pairs.filter(({ from, to }) => mustBeLost(from, to)).length} between ${[...struck].join(', ')} and the others`;
  const details = wrong.slice(0, 4).map((pair) => `${arrow(pair)} lost ${percent(pair.during ?? 0)}`);
  const mistakes =
    wrong.length > 0 ? `; wrong: ${details.join(', ')}${wrong.length > 4 ? ` and ${wrong.length - 4} more` : ''}` : '';
  return passIf(
    wrong.length === 0,
    `${cut} of ${pairs.length} pairs of nodes were cut off; expected ${expected}${mistakes}`,
  );
}

function nodesReady({ butTarget }: Of<'nodes-ready'>, { facts, when }: Judged): Answer {
  const nodes = eventsOf(facts.events, 'watch').filter(({ kind }) => kind === 'Node');
  const names = [...new Set(nodes.map(({ name }) => name))];
  if (names.length === 0) return answer('inconclusive', 'no node was watched');
  const spared = new Set(butTarget ? facts.faults.flatMap((fault) => fault.nodes) : []);
  const judged = names.filter((name) => !spared.has(name));
  const bad = nodes.filter(
    (event) => judged.includes(event.name) && event.at >= when.begin && event.at <= when.healed && !isReady(event),
  );
  const [first] = bad;
  if (!first) return answer('pass', `${judged.join(', ')} stayed Ready, by watch`);
  const after = seconds((first.at - when.inForce) / 1e6);
  return answer(
    'fail',
    `${first.name} was ${String(first.summary['ready'] ?? 'gone')} ${after} after the fault, by watch; expected Ready`,
  );
}
