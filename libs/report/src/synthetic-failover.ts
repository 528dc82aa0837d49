/** Failovers that nobody measured, told by every layer: what tests render, and what the pages are looked at with. */
import {
  addressHeld,
  failedOver,
  judge,
  summarise,
  type Expectation,
  type SetVerdict,
  type Verdict,
} from '@faultline/checker';
import type { Cell, Stamped } from '@faultline/history';

export interface SyntheticRun {
  readonly events: readonly Stamped[];
  readonly verdict: Verdict;
}

const METALLB: Extract<Expectation, { check: 'failover' }> = {
  check: 'failover',
  probe: 'edge-tcp',
  atLeastMs: 4990,
  medianMs: 6000,
  atMostMs: 7010,
  formula: 'suspicion (3 to 5 s) + probe interval (1 s) + next announcement (1 s)',
};

/** MetalLB: the announcer is killed, another machine says that it has the address 5.5 s later. */
export function synthetic(outage = 5.54, seed = 1): SyntheticRun {
  const events = failedOver(seed, outage);
  return { events, verdict: judge(events, [METALLB]) };
}

/** kube-vip: the holder is frozen; its kernel goes on to answer who-has, and with the new holder there are two. */
export function splitBrain(outage = 16.35): SyntheticRun {
  const held = addressHeld([
    { from: -Infinity, by: ['agent-0'] },
    { from: outage, by: ['agent-0', 'agent-1'] },
    { from: 45, by: ['agent-1'] },
  ]);
  const events = failedOver(1, outage, {
    lasting: 80,
    fault: { kind: 'node-pause', nodes: ['agent-0'], takesMs: 40, lasting: 45 },
    probes: [
      held.probe,
      { name: 'edge-tcp', layer: 'tcp', rateHz: 200, sees: [{ from: 0, to: outage, result: 'timeout' }] },
    ],
    events: held.events,
    begin: { cell: { backend: 'vxlan', loadBalancer: 'kube-vip-arp' }, substrate: 'k3s' },
  });
  return { events, verdict: judge(events, []) };
}

/** A set of failovers that took so long, in seconds; null: it never came back. */
export function syntheticSet(
  label: string,
  outages: readonly (number | null)[],
  envelope: Verdict['envelope'],
  cell: Cell,
): SetVerdict {
  const runs = outages.map((outage, index) => {
    const events = failedOver(index + 1, outage ?? 100, { begin: { cell, substrate: 'k3s' } });
    const verdict = judge(events, envelope ? [{ check: 'failover', ...envelope }] : []);
    return { verdict, folder: `repeat-${String(index + 1).padStart(3, '0')}` };
  });
  const command = `npx faultline run synthetic --lb ${cell['loadBalancer']} --repeat ${outages.length}`;
  const [versions, commit] = [{ k3s: 'v1.33.3+k3s1' }, null];
  return summarise(runs, { set: label, scenario: 'synthetic', label, cell, command, commit, dirty: false, versions });
}

/** The node with the only Ingress controller dies, the clients' address does not: the service is gone for much longer. */
export function withoutEndpoints(outage: number, empty: number, seed = 1): SyntheticRun {
  const held = addressHeld([{ from: -Infinity, by: ['agent-1'] }]);
  const events = failedOver(seed, outage, {
    lasting: outage + 60,
    probes: [
      held.probe,
      {
        name: 'edge-http-new',
        layer: 'http',
        rateHz: 20,
        sees: [
          { from: empty, to: outage, result: 'refused', share: 0.05 },
          { from: 0, to: outage, result: 'timeout' },
        ],
      },
    ],
    events: held.events,
    begin: { cell: { backend: 'vxlan', loadBalancer: 'servicelb' }, substrate: 'k3s' },
  });
  return { events, verdict: judge(events, []) };
}
