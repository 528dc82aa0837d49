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
 * A promise counts from the announcer's death to its successor. Clients miss the address later: the kernel of a machine that
 * is killed forwards until the last of its processes is gone, some 0.5 s, while the load balancer's own process was among the
 * first. So what is held against the promise is the time from the begin of the injection until the probe was good again.
 */
export function failover(expectation: Of<'failover'>, situation: Judged): Answer {
  const { probe, atLeastMs, atMostMs, medianMs, formula } = expectation;
  const range = rangeOf(expectation);
  const promised = `the load balancer's settings promise ${range}, margin included (${formula}), median ${seconds(medianMs)}`;
  const found = probeOf(probe, situation);
  const edges = 'outcome' in found || !found.worst ? undefined : edgesOf(found.series, found.worst);
  if (!edges?.up) return within(expectation, promised, situation);
  const { outcome, reason } = within({ probe, atLeastMs: 0, atMostMs }, promised, situation);
  const back = (edges.estimate[1] - situation.when.begin) / 1e6;
  const said = `; it was back ${seconds(back)} after the injection began: ${(back / medianMs).toFixed(2)} of the median`;
  return passIf(outcome === 'pass' && back >= atLeastMs && back <= atMostMs, `${reason}${said}`);
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
