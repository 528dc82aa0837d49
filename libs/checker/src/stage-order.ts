/**
 * In which order the stages of a failover must come.
 *
 * A partial order, of intervals: a stage may not end before one that it follows from begins.
 * - Nothing comes before the fault.
 * - What clients get (neighbour updated, first UDP, first TCP, first HTTP) follows from the address having a new owner: from
 *   the first of `new owner` and `first gratuitous ARP`. Between those two there is no order: who-has is asked ten times a
 *   second, so the announcement is mostly seen before the first answer, but a load balancer that announces by a ticker
 *   answers before it announces.
 * - Steady is the last of the first answers.
 * - `detected` is bound to the fault only: a watch tells when it was told, which may be after the announcement.
 * Between the first answers there is no order either: each comes at the next sample of its own probe, and behind a load
 * balancer whose endpoints are partly dead, an HTTP request may have the luck that a TCP connection before it had not.
 */
import type { Interval, Stage, StageTime } from './verdict.ts';

/** Two clocks that are made one by readings (a capture's wall time) agree to this, milliseconds. */
const TOLERANCE_MS = 10;

const OWNED: readonly Stage[] = ['new owner', 'first gratuitous ARP'];
const ANSWERED: readonly Stage[] = ['first UDP', 'first TCP', 'first HTTP'];

/** Complete: every stage has a time, or is missing as it must be; and none ends before one that it follows from begins. */
export function isInOrder(timeline: readonly StageTime[]): boolean {
  return (
    timeline.length > 0 && timeline.every(({ at, excused }) => at !== null || excused) && disorder(timeline) === null
  );
}

/** The first two that stand the wrong way round, as a sentence; null: none do. */
export function disorder(timeline: readonly StageTime[]): string | null {
  const timesOf = (stages: readonly Stage[]) =>
    timeline.flatMap(({ stage, at }) => (at && stages.includes(stage) ? [{ stage, at }] : []));
  const [fault] = timesOf(['fault in force']);
  const [owned] = timesOf(OWNED).toSorted((a, b) => a.at.low - b.at.low);
  const later = timesOf(timeline.map(({ stage }) => stage)).filter(({ stage }) => stage !== 'fault in force');
  const pairs = [
    ...later.map((time) => [fault, time] as const),
    ...timesOf(['neighbour updated', ...ANSWERED]).map((time) => [owned, time] as const),
    ...timesOf(['steady']).flatMap((steady) => timesOf(ANSWERED).map((time) => [time, steady] as const)),
  ];
  const wrong = pairs.find(([first, then]) => first && endsBefore(then.at, first.at));
  return wrong?.[0] ? `${wrong[1].stage} ended before ${wrong[0].stage} began` : null;
}

const endsBefore = (one: Interval, other: Interval): boolean => one.high < other.low - TOLERANCE_MS;
