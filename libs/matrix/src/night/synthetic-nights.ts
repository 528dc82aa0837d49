/** Nights that never were: for tests, and for looking at the page. The same call makes the same nights. */
import { RESULT_VERSION, resultLine, type Result } from '../result.ts';
import type { Night } from './gather.ts';

/** A passing result of one row; say what is different. */
export function syntheticResult(change: Partial<Result> = {}): Result {
  return {
    version: RESULT_VERSION,
    row: 'kill-the-announcing-node/k3s-v1.33.3+k3s1-vxlan-metallb-l2',
    scenario: 'kill-the-announcing-node',
    cell: { scenario: 'kill-the-announcing-node', substrate: 'k3s', backend: 'vxlan', loadBalancer: 'metallb-l2' },
    repeat: null,
    verdict: 'pass',
    reason: 'edge-http-new was out for 5.69 s',
    skip: null,
    figures: [{ name: 'edge-http-new', measured: 5690, expected: { low: 4940, median: 5600, high: 7150 } }],
    started: Date.parse('2026-11-01T02:00:00Z'),
    durationMs: 61_000,
    folder: null,
    commit: '4f3465b52466',
    host: 'ci-1',
    class: '',
    lastEvent: { type: 'run.end', detail: 'completed' },
    ...change,
  };
}

export const failed = (change: Partial<Result> = {}): Result =>
  syntheticResult({
    verdict: 'fail',
    reason: 'edge-http-new was out for 9.10 s',
    class: 'outage edge-http-new: timeout',
    lastEvent: { type: 'fault.heal', detail: 'fault-1 on agent-0' },
    ...change,
  });

export const skipped = (capability: string, change: Partial<Result> = {}): Result =>
  syntheticResult({
    verdict: 'skip',
    reason: `this host lacks ${capability}`,
    skip: { because: 'capability', capability },
    figures: [],
    durationMs: 0,
    lastEvent: null,
    ...change,
  });

const DAY = 86_400_000;

/** `2026-11-01` and the nights after it, each with its results. */
export function syntheticNights(nights: readonly (readonly Result[])[]): readonly Night[] {
  const first = Date.parse('2026-11-01T02:00:00Z');
  return nights.map((results, index) => {
    const started = first + index * DAY;
    return {
      name: new Date(started).toISOString().slice(0, 10),
      results: results.map((result, place) => ({ ...result, started: started + place * 60_000 })),
      missing: [],
    };
  });
}

/** As the history's file of it would hold it. */
export const nightText = ({ results }: Night): string => results.map((result) => `${resultLine(result)}\n`).join('');
