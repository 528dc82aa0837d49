/** Judges how long a probe was without service. */
import { answer, passIf, probeOf, type Answer, type Judged, type Of } from './judged.ts';
import { episodeOf, outageOf } from './outage.ts';
import type { OpenInterval } from './verdict.ts';
import { seconds, written } from './wording.ts';

interface Bounds {
  readonly probe: string;
  readonly atLeastMs: number;
  readonly atMostMs: number;
}

export function outage(expectation: Of<'outage'>, situation: Judged): Answer {
  return within(expectation, `expected ${range(expectation)}`, situation);
}

/** The same, held against what the load balancer's own settings promise, and how much of that it was. */
export function failover(expectation: Of<'failover'>, situation: Judged): Answer {
  const { medianMs, formula } = expectation;
  const promised = `the load balancer's settings promise ${range(expectation)}, margin included (${formula}), median ${seconds(medianMs)}`;
  const answered = within(expectation, promised, situation);
  const worst = worstOf(expectation.probe, situation);
  if (!worst || worst.high === null) return answered;
  return { ...answered, reason: `${answered.reason}: ${(worst.estimate / medianMs).toFixed(2)} of it` };
}

const range = ({ atLeastMs, atMostMs }: Bounds): string => `${seconds(atLeastMs)} to ${seconds(atMostMs)}`;

function worstOf(probe: string, situation: Judged): OpenInterval | undefined {
  const found = probeOf(probe, situation);
  return 'outcome' in found || !found.worst ? undefined : outageOf(found.series, found.worst).duration;
}

/** The lower bound is held against the longest outage, the upper one also against all that was lost in the same episode. */
function within({ probe, atLeastMs, atMostMs }: Bounds, wanted: string, situation: Judged): Answer {
  const found = probeOf(probe, situation);
  if ('outcome' in found) return found;
  if (!found.struck || !found.worst) return passIf(atLeastMs <= 0, `${probe} lost nothing; ${wanted}`);
  const episode = episodeOf(found.series, found.struck);
  const { duration } = outageOf(found.series, found.worst);
  if (duration.high === null)
    return answer('fail', `${probe} was out for at least ${seconds(duration.low)} and did not come back; ${wanted}`);
  if (episode.end === null)
    return answer('fail', `${probe} was out for ${written(duration)} and did not stay up afterwards; ${wanted}`);
  const isWithin = duration.estimate >= atLeastMs && Math.max(duration.estimate, episode.byLoss) <= atMostMs;
  const more = episode.outages > 1 ? ` (${episode.outages} outages, ${seconds(episode.byLoss)} lost in all)` : '';
  return passIf(isWithin, `${probe} was out for ${written(duration)}${more}; ${wanted}`);
}
