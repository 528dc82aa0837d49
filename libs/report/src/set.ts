/** A set of runs, in words: what its page, its summary and its row in a comparison say. */
import {
  combine,
  percent,
  seconds,
  type Distribution,
  type Outcome,
  type ProbeDistribution,
  type SetVerdict,
} from '@faultline/checker';
import { NONE } from './table.ts';

/** The probe that the set is about: the one that the envelope is of, else the one that is wanted, else clients' new requests. */
export function judgedProbe({ envelope, ratio, probes }: SetVerdict, wanted?: string): ProbeDistribution | undefined {
  const names = [envelope?.probe, ratio?.probe, wanted, 'edge-http-new', 'edge-tcp'];
  const found = names.flatMap((name) => probes.find(({ probe }) => probe === name) ?? []);
  return found[0] ?? probes.find(({ layer }) => layer !== 'arp' && layer !== 'control' && layer !== 'pod');
}

export const outcomeOf = ({ runs }: SetVerdict): Outcome => combine(runs.map(({ outcome }) => outcome));

/** Runs that have something to say of the probe. */
export function told({ outage, neverEnded, unharmed }: ProbeDistribution): number {
  return (outage?.values.length ?? 0) + neverEnded + unharmed;
}

/** `5.54 s`, `not until healed: 10 of 10`, `no loss: 10 of 10`. */
export function typical(probe: ProbeDistribution): string {
  const { outage, neverEnded, unharmed } = probe;
  if (outage) return seconds(outage.median);
  return neverEnded > 0
    ? `not until healed: ${neverEnded} of ${told(probe)}`
    : unharmed > 0
      ? `no loss: ${unharmed} of ${told(probe)}`
      : NONE;
}

/** What the median leaves out: `not until healed: 2 of 10`, `no loss: 1 of 10`. */
export function exceptions(probe: ProbeDistribution): readonly string[] {
  const of = told(probe);
  if (!probe.outage) return [];
  return [
    ...(probe.neverEnded > 0 ? [`not until healed: ${probe.neverEnded} of ${of}`] : []),
    ...(probe.unharmed > 0 ? [`no loss: ${probe.unharmed} of ${of}`] : []),
  ];
}

/** `5.12 to 6.20 s`: in which the median lies; what is missing where the sample is too small for one. */
export function intervalOf({ interval }: Distribution): string {
  return interval ? span(interval.low, interval.high) : NONE;
}

export function span(low: number, high: number): string {
  return `${seconds(low).replace(' s', '')} to ${seconds(high)}`;
}

/** Figures only. */
export function lostShare({ lost, sent }: ProbeDistribution): string {
  return sent === 0 ? NONE : percent(lost / sent);
}

/** @param wanted the probe of the sets beside it. */
export function setHeadline(set: SetVerdict, wanted?: string): string {
  const probe = judgedProbe(set, wanted);
  if (!probe) return `${set.label}: nothing was measured in ${set.runs.length} runs.`;
  const { outage } = probe;
  const seen = outage
    ? `${probe.probe} was out for a median of ${seconds(outage.median)}${certainty(outage)}, ${outage.values.length} runs`
    : `${probe.probe}, ${typical(probe)} runs`;
  const others = exceptions(probe).map((text) => `; ${text} runs`);
  return `${set.label}: ${seen}${others.join('')}${promised(set)}.`;
}

const certainty = ({ interval }: Distribution): string =>
  interval ? ` (${span(interval.low, interval.high)}, with ${percent(interval.coverage)} certainty)` : '';

function promised({ envelope, ratio }: SetVerdict): string {
  if (!envelope) return '';
  const times = ratio ? `, from the begin of the injection measured / expected = ${ratio.value.toFixed(2)}` : '';
  return `; expected ${span(envelope.atLeastMs, envelope.atMostMs)}, median ${seconds(envelope.medianMs)}${times}`;
}

/** `pass 9, fail 1`. */
export function counted({ counts }: SetVerdict): string {
  return Object.entries(counts)
    .flatMap(([outcome, count]) => (count > 0 ? [`${outcome} ${count}`] : []))
    .join(', ');
}
