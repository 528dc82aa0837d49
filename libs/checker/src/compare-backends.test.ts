import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { BackendRatio, ThroughputTurn } from './backend-comparison.ts';
import { backendComparisonJsonSchema, parseBackendComparison, parseTurns } from './backend-comparison-schema.ts';
import { compareBackends, ratioOf } from './compare-backends.ts';
import { latencyQuantile, quantileInterval } from './latency.ts';
import { ascending } from './statistics.ts';
import { syntheticIdentity, syntheticTurns, type SyntheticBackend } from './synthetic-turns.ts';
import { cpuPerGigabyte, gigabits } from './throughput.ts';

const EQUAL: readonly SyntheticBackend[] = [
  { backend: 'vxlan', slower: 1 },
  { backend: 'host-gw', slower: 1 },
];
const FASTER: readonly SyntheticBackend[] = [
  { backend: 'vxlan', slower: 1 },
  { backend: 'host-gw', slower: 0.8 },
];

function lehmer(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

function compared(backends: readonly SyntheticBackend[], repeats: number): readonly BackendRatio[] {
  return compareBackends(syntheticTurns(backends, { repeats, seed: 11 }), syntheticIdentity(backends)).ratios;
}

describe('backends that differ', () => {
  test('are found to, by the factor by which they do', () => {
    const found = compared(FASTER, 10);
    expect(found.length).toBe(5 * 6 + 3 * 2);
    expect(found.filter(({ differs }) => !differs)).toEqual([]);
    const held = found.filter(({ quantity, ratio }) => {
      const truth = quantity === 'throughput' ? 1.25 : 0.8;
      return ratio && ratio.low <= truth && truth <= ratio.high;
    });
    // Each interval holds it in 95 of 100.
    expect(held.length).toBeGreaterThanOrEqual(found.length - 4);
  });

  test('are not said to with three repeats of each, and the reason is', () => {
    for (const { ratio, differs, reason } of compared(FASTER, 3)) {
      expect({ ratio, differs }).toEqual({ ratio: null, differs: false });
      expect(reason).toBe('3 and 3 repeats are too few for 95 %: 4 and 4 are enough');
    }
  });

  test('are held against each other on a path only where it leads over the same places', () => {
    const moved = FASTER.map((one, index) => ({
      ...one,
      placement: { ingress: `agent-${index}`, announcer: 'agent-0' },
    }));
    const silent = compared(moved, 10).filter(({ ratio }) => ratio === null);
    expect(new Set(silent.map(({ path }) => path))).toEqual(new Set(['ingress', 'load-balancer']));
    expect(silent[0]?.reason).toBe('the ingress is on agent-0 with vxlan, on agent-1 with host-gw: not the same path');
  });
});

test('a repeat without a value is not left out, but leaves the quantity untold', () => {
  const turns = syntheticTurns(FASTER, { repeats: 10, seed: 11 });
  // In one repeat more than half of the requests had no answer: its median is nobody's knowledge, and no small one.
  const struck = turns.map((turn) =>
    turn.measured === 'request' && turn.path === 'ingress' && turn.backend === 'host-gw' && turn.repeat === 3
      ? { ...turn, latencies: turn.latencies.slice(0, 100), lost: 300 }
      : turn,
  );
  const { figures, gaps, ratios } = compareBackends(struck, syntheticIdentity(FASTER));
  const place = { path: 'ingress', backend: 'host-gw', missing: 1, of: 10 };
  expect(gaps).toEqual(['request p50', 'request p90', 'request p99'].map((quantity) => ({ ...place, quantity })));
  const isThat = (one: { path: string; quantity: string }) => one.path === 'ingress' && one.quantity === 'request p50';
  expect(figures.filter(isThat).map(({ backend }) => backend)).toEqual(['vxlan']);
  expect(ratios.filter(isThat)).toEqual([]);
});

test('of five thousand comparisons of equals at most one in twenty finds a difference', () => {
  const random = lehmer(3);
  // Skewed, as latencies are.
  const values = () => Array.from({ length: 10 }, () => 1 - Math.log(random()));
  const claims = Array.from({ length: 5000 }, () => ratioOf(values(), values())).filter(
    (ratio) => ratio && (ratio.low > 1 || ratio.high < 1),
  );
  expect(claims.length).toBeLessThanOrEqual(250);
  // And it is no comparison that never finds any.
  expect(claims.length).toBeGreaterThan(150);
});

test('backends that are equal are not said to differ', () => {
  const claimed = compared(EQUAL, 10).filter(({ differs }) => differs);
  expect(claimed.length).toBeLessThanOrEqual(2);
  expect(ratioOf([1, 2, 3, 4], [1, 2, 3, 4])).toMatchObject({ value: 1 });
});

test('nothing is compared with what is not positive', () => {
  expect(ratioOf([1, 1, 1, 1], [1, 0, 1, 1])).toBeNull();
});

describe('quantiles of all samples', () => {
  test('are given where there are enough of them, and only there', () => {
    const identity = syntheticIdentity(EQUAL);
    const { pooled } = compareBackends(syntheticTurns(EQUAL, { repeats: 7, seed: 1 }), identity);
    const across = pooled.filter(
      (one) => one.path === 'pod-across' && one.backend === 'vxlan' && one.ask === 'request',
    );
    expect(across.map(({ quantile, value }) => [quantile, value !== null])).toEqual([
      [0.5, true],
      [0.9, true],
      [0.99, true],
      [0.999, false],
    ]);
    expect(across.map(({ samples }) => samples)).toEqual([2800, 2800, 2800, 2800]);
  });

  test('have intervals that hold the truth as often as they say', () => {
    const random = lehmer(5);
    for (const [q, size] of [
      [0.5, 40],
      [0.9, 200],
      [0.99, 700],
    ] as const) {
      const truth = -Math.log(1 - q);
      const intervals = Array.from({ length: 1500 }, () =>
        quantileInterval(ascending(Array.from({ length: size }, () => -Math.log(random()))), q),
      );
      const held = intervals.filter((one) => one !== null && one.low <= truth && truth <= one.high).length / 1500;
      expect(held).toBeGreaterThan(0.94);
      expect(Math.abs(held - (intervals[0]?.coverage ?? 0))).toBeLessThan(0.02);
    }
  });

  test('have none where the truth may lie beyond the largest sample', () => {
    expect(
      quantileInterval(
        Array.from({ length: 3000 }, (_, index) => index),
        0.999,
      ),
    ).toBeNull();
    expect(
      quantileInterval(
        Array.from({ length: 4000 }, (_, index) => index),
        0.999,
      ),
    ).not.toBeNull();
  });

  test('are in milliseconds, of samples in microseconds', () => {
    expect(latencyQuantile({ latencies: [3000, 1000, 2000, 4000, 5000], lost: 0 }, 0.5)).toBe(3);
    expect(latencyQuantile({ latencies: [3000, 1000], lost: 0 }, 0.99)).toBeNull();
  });

  test('count what was lost as slower than all that was answered', () => {
    const latencies = Array.from({ length: 95 }, (_, index) => (index + 1) * 1000);
    expect(latencyQuantile({ latencies, lost: 0 }, 0.5)).toBe(48);
    expect(latencyQuantile({ latencies, lost: 5 }, 0.5)).toBe(50);
    expect(latencyQuantile({ latencies, lost: 20 }, 0.9)).toBeNull();
  });
});

describe('what is spent', () => {
  const turn: ThroughputTurn = {
    measured: 'throughput',
    backend: 'vxlan',
    path: 'pod-across',
    repeat: 1,
    bytes: 3e9,
    seconds: 3,
    retransmits: 0,
    cpuSeconds: 6,
    wallSeconds: 3,
    idleCpus: 0.5,
  };

  test('is told for a gigabyte, without what the host does anyway', () => {
    expect(gigabits(turn)).toBe(8);
    expect(cpuPerGigabyte(turn)).toBe(1.5);
  });

  test('is not told where the host was busy with something else', () => {
    expect(cpuPerGigabyte({ ...turn, idleCpus: 1.95 })).toBeNull();
  });
});

describe('what is kept', () => {
  const turns = syntheticTurns(FASTER, { repeats: 4, seed: 2, samples: 30 });
  const identity = syntheticIdentity(FASTER);

  test('is read back as it was written', () => {
    const comparison = compareBackends(turns, identity);
    expect(parseBackendComparison(JSON.stringify(comparison))).toEqual(comparison);
    expect(() => parseBackendComparison('{"version":1}')).toThrow('comparison.json: not a comparison of backends');
  });

  test('can be compared again, but for a line that was cut off', () => {
    const text = `${turns.map((turn) => JSON.stringify(turn)).join('\n')}\n{"measured":"thr`;
    const told = parseTurns({ identity: JSON.stringify(identity), turns: text }, 'runs/x');
    expect(compareBackends(told.turns, told.identity)).toEqual(compareBackends(turns, identity));
  });

  test('has the schema that is kept beside it', () => {
    const kept = readFileSync(new URL('../backend-comparison.schema.json', import.meta.url), 'utf8');
    expect(JSON.parse(kept)).toEqual(backendComparisonJsonSchema());
  });
});
