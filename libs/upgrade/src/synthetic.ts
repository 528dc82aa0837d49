/** Histories of upgrades that nobody made: tests know the truth in them. Time is in seconds from the first node's stop. */
import {
  HISTORY_VERSION,
  manualClock,
  memoryHistory,
  SECOND,
  type RunEvent,
  type SampleClass,
  type SampleRow,
  type Stamped,
} from '@faultline/history';

const BEFORE = 10;

export type Told = readonly [atS: number, event: RunEvent];

/** In the order of their times; the run begins 10 s before zero. */
export function historyOf(told: readonly Told[]): readonly Stamped[] {
  const clock = manualClock(0);
  const history = memoryHistory(clock);
  for (const [atS, event] of told.toSorted(([a], [b]) => a - b)) {
    clock.advance((atS + BEFORE) * SECOND - clock.now());
    history.append(event);
  }
  return history.events;
}

export const begin: Told = [
  -BEFORE,
  {
    type: 'run.begin',
    version: HISTORY_VERSION,
    run: 'synthetic',
    scenario: 'upgrade-traefik',
    cell: { substrate: 'k3s', backend: 'vxlan', loadBalancer: 'servicelb' },
    substrate: 'k3s',
    substrateReason: 'synthetic: nobody measured it',
    seed: 1,
    command: 'npx faultline upgrade',
    commit: null,
    dirty: false,
    versions: {},
  },
];

export function asked(step: 'old' | 'after', one: string, status: number, atS: number): Told {
  const saw = String(status);
  return [
    atS,
    { type: 'upgrade.asked', step, case: one, what: 'it answers', saw, statuses: [status], asExpected: null },
  ];
}

export const stepOf = (step: 'old' | 'after', edge: 'begin' | 'end', atS: number): Told => [
  atS,
  { type: 'upgrade.step', step, edge },
];

export const serves = (version: string, atS: number): Told => [
  atS,
  { type: 'upgrade.traefik', ready: { [version]: 1 } },
];

export const node = (name: string, edge: 'begin' | 'end', atS: number): Told => [
  atS,
  { type: 'upgrade.node', node: name, edge, from: 'v1.32.1+k3s1', to: 'v1.33.3+k3s1' },
];

/** A probe at a node's address, once a second, good wherever nothing is said. */
export function probe(to: string, lost: Readonly<Record<number, SampleClass>>, untilS: number): readonly Told[] {
  const name = `${to}-http-new`;
  const description = { name, layer: 'http' as const, what: 'GET', from: 'client', to, rateHz: 1, timeoutMs: 250 };
  const rows = Array.from({ length: untilS }, (_, second): SampleRow => {
    const at = (second + BEFORE) * SECOND;
    return [second, at, at, SECOND / 100, lost[second] ?? 'ok', null];
  });
  return [
    [-1, { type: 'probe.begin', probe: description }],
    [untilS, { type: 'samples', probe: name, rows }],
  ];
}

export const UPGRADE = {
  from: 'v1.32.1+k3s1',
  to: 'v1.33.3+k3s1',
  traefik: { from: '2.11.18', to: '3.3.6' },
} as const;
