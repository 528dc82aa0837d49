/** Why an address that refuses looks mostly like one that is silent. */
import type { Outage, Verdict } from '@faultline/checker';

export const ICMP_LIMIT: string =
  'The kernel limits ICMP errors to one a second per client (net.ipv4.icmp_ratelimit): ' +
  'an address that refuses every connection looks mostly like a silent one.';

/** One sentence where a stretch of an outage holds refusals among timeouts; undefined where none does. */
export function refusedAmongTimeouts({ probes }: Pick<Verdict, 'probes'>): string | undefined {
  const mixed = mixedRefusals(probes);
  return mixed.length === 0 ? undefined : `${ICMP_LIMIT} Here, ${mixed.join('; ')}.`;
}

/** `edge-http-new 299 refused among 5057 timeouts`, for each probe that saw both at once. */
export function mixedRefusals(probes: Verdict['probes']): readonly string[] {
  return probes.flatMap(({ probe, layer, outages }) => {
    const { refused, timeout } = countsOf(outages);
    return refused > 0 && layer !== 'pod' ? [`${probe} ${refused} refused among ${timeout} timeouts`] : [];
  });
}

/** Of the stretches in which both were seen. */
function countsOf(outages: readonly Outage[]): { readonly refused: number; readonly timeout: number } {
  const parts = outages.flatMap((outage) => outage.parts.map(({ byClass }) => byClass));
  const mixed = parts.filter(({ refused = 0, timeout = 0 }) => refused > 0 && timeout > 0);
  const sum = (result: 'refused' | 'timeout'): number =>
    mixed.reduce((total, counts) => total + (counts[result] ?? 0), 0);
  return { refused: sum('refused'), timeout: sum('timeout') };
}
