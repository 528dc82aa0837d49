/** Judges how long a probe was without service. */
import { answer, passIf, probeOf, type Answer, type Judged, type Of } from './judged.ts';
import { edgesOf, episodeOf, outageOf } from './outage.ts';
import { seconds, written } from './wording.ts';

interface Bounds {
  readonly probe: string;
  readonly atLeastMs: number;
  readonly atMostMs: number;
}

export function outage(expectation: Of<'outage'>, situation: Judged): Answer {
  return within(expectation, `expected ${rangeOf(expectation)}`, situation);
}

/**
 * The same, held against what the load balancer's own settings promise, and how much of that it was.
 *
 * A promise counts from the announcer's death, which lies somewhere in the injection; clients miss it later: a killed
 * machine's kernel forwards for some 0.3 s longer than its processes live. So it was too early only if it was too early
 * counted from the begin of the injection.
 */
export function failover(expectation: Of<'failover'>, situation: Judged): Answer {
  const { probe, atLeastMs, medianMs, formula } = expectation;
  const range = rangeOf(expectation);
  const promised = `the load balancer's settings promise ${range}, margin included (${formula}), median ${seconds(medianMs)}`;
  const found = probeOf(probe, situation);
  const edges = 'outcome' in found || !found.worst ? undefined : edgesOf(found.series, found.worst);
  if ('outcome' in found || !found.worst || !edges?.up) return within(expectation, promised, situation);
  const lasted = outageOf(found.series, found.worst).duration.estimate;
  const since = (edges.estimate[1] - situation.when.begin) / 1e6;
  const allowed = { ...expectation, atLeastMs: atLeastMs - Math.max(0, since - lasted) };
  const { outcome, reason } = within(allowed, promised, situation);
  const late = lasted < atLeastMs ? `; it was back ${seconds(since)} after the injection began` : '';
  return answer(outcome, `${reason}: ${(lasted / medianMs).toFixed(2)} of it${late}`);
}

const rangeOf = ({ atLeastMs, atMostMs }: Bounds): string => `${seconds(atLeastMs)} to ${seconds(atMostMs)}`;

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
