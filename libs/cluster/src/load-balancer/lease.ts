/**
 * How long an election by a lease takes (client-go's leaderelection), from the death of the holder to the next one.
 *
 * The holder renews every retry period. A standby asks after random pauses of 1 to 2.2 retry periods, and counts from
 * when it itself saw the last renewal: at its first question after the lease's length it takes over. So there are
 * three chances in it: where in the holder's period the death falls, how late a standby saw the last renewal, and how
 * late it asks for the last time; and the first of the standbys decides. Here their distribution is computed on a grid
 * in time: no dice, the same numbers every time.
 */
import type { Envelope } from './load-balancer.ts';

export interface LeaseTimes {
  readonly durationSeconds: number;
  readonly retrySeconds: number;
}

/** client-go's JitterFactor, as the longest pause. */
const LONGEST = 2.2;

/** Steps in a retry period: the error is below one step. */
const STEPS = 200;

/** One election in 400 000 is shorter than the first, and one longer than the last. */
const RARE = 2.5e-6;

/** A distribution: the probability of each step of the grid. */
type Density = Float64Array;

/**
 * @param standbys members that may take over.
 * @param tellsEverySeconds the new holder tells the LAN at the next tick of a clock that nobody set by the election: one
 * more chance, uniform over its period. 0: at once.
 */
export function electionAfterDeath(
  lease: LeaseTimes,
  standbys: number,
  tellsEverySeconds = 0,
): Omit<Envelope, 'formula'> {
  const length = Math.round((lease.durationSeconds / lease.retrySeconds) * STEPS);
  const one = afterRenewal(length);
  const first = earliestOf(one, standbys);
  // The death comes up to a retry period after the last renewal: the longer, the less is left.
  const elected = convolved(first, uniform(0, STEPS));
  const left = convolved(elected, uniform(0, Math.max(1, (tellsEverySeconds / lease.retrySeconds) * STEPS)));
  const milliseconds = (step: number) => Math.round(((length + step - STEPS) * lease.retrySeconds * 1000) / STEPS);
  return {
    atLeastMs: milliseconds(quantile(left, RARE)),
    medianMs: milliseconds(quantile(left, 0.5)),
    atMostMs: milliseconds(quantile(left, 1 - RARE)),
  };
}

/** When one standby takes over, counted from the lease's length after the last renewal. */
function afterRenewal(length: number): Density {
  const pause = uniform(STEPS, LONGEST * STEPS);
  return convolved(firstQuestion(pause), overshoot(pause, length));
}

/** From any moment to the next question: a moment falls into a long pause more often than into a short one. */
function firstQuestion(pause: Density): Density {
  let left = 1;
  const longer = pause.map((probability) => (left -= probability));
  const sum = longer.reduce((all, one) => all + one, 0);
  return longer.map((one) => one / sum);
}

/** How far beyond the length the first question lies that is not before it, when questions began at zero. */
function overshoot(pause: Density, length: number): Density {
  const asked = new Float64Array(length);
  asked[0] = 1;
  const beyond = new Float64Array(pause.length);
  for (let at = 0; at < length; at++) {
    for (let step = 1; step < pause.length; step++) {
      const probability = (asked[at] ?? 0) * (pause[step] ?? 0);
      const into = at + step < length ? asked : beyond;
      const place = at + step < length ? at + step : at + step - length;
      into[place] = (into[place] ?? 0) + probability;
    }
  }
  return beyond;
}

/** Of several that are alike and know nothing of each other. */
function earliestOf(one: Density, many: number): Density {
  let [after, before] = [1, 1];
  return one.map((probability) => {
    before = after;
    after = Math.max(0, after - probability);
    return before ** many - after ** many;
  });
}

function uniform(from: number, to: number): Density {
  return Float64Array.from({ length: Math.round(to) }, (_, step) => (step >= from ? 1 / Math.round(to - from) : 0));
}

/** The sum of two that know nothing of each other. */
function convolved(a: Density, b: Density): Density {
  const sum = new Float64Array(a.length + b.length - 1);
  a.forEach((p, x) => b.forEach((q, y) => (sum[x + y] = (sum[x + y] ?? 0) + p * q)));
  return sum;
}

function quantile(density: Density, share: number): number {
  let sum = 0;
  return density.findIndex((probability) => (sum += probability) >= share);
}
