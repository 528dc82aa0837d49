/** Why an address that refuses looks mostly like one that is silent. */
import type { Outage, Verdict } from '@faultline/checker';

const WHY =
  'The kernel limits ICMP errors to one a second per client (net.ipv4.icmp_ratelimit): ' +
  'an address that refuses every connection looks mostly like a silent one.';

/** One sentence where a stretch of an outage holds refusals among timeouts; undefined where none does. */
export function refusedAmongTimeouts({ probes }: Pick<Verdict, 'probes'>): string | undefined {
  const mixed = probes.flatMap(({ probe, layer, outages }) => {
    const { refused, timeout } = layer === 'pod' ? { refused: 0, timeout: 0 } : countsOf(outages);
    return refused > 0 ? [`${probe}: ${refused} refused among ${timeout} timeouts`] : [];
  });
  return mixed.length === 0 ? undefined : `${WHY} Here, ${mixed.join('; ')}.`;
}

/** Of the stretches in which both were seen. */
function countsOf(outages: readonly Outage[]): { readonly refused: number; readonly timeout: number } {
  const parts = outages.flatMap((outage) => outage.parts.map(({ byClass }) => byClass));
  const mixed = parts.filter(({ refused = 0, timeout = 0 }) => refused > 0 && timeout > 0);
  const sum = (result: 'refused' | 'timeout'): number =>
    mixed.reduce((total, counts) => total + (counts[result] ?? 0), 0);
  return { refused: sum('refused'), timeout: sum('timeout') };
}
