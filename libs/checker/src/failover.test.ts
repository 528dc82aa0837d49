import { describe, expect, test } from 'vitest';
import { failedOver } from './example.ts';
import type { Expectation } from './expectation.ts';
import { judge } from './judge.ts';
import type { SyntheticOptions } from './synthetic-run.ts';

const PROMISED: Extract<Expectation, { check: 'failover' }> = {
  check: 'failover',
  probe: 'edge-tcp',
  atLeastMs: 4940,
  medianMs: 5600,
  atMostMs: 7150,
  formula: 'memberlist',
};
const judged = (seconds: number, changes: Partial<SyntheticOptions> = {}) =>
  judge(failedOver(1, seconds, changes), [PROMISED]);

describe('a failover', () => {
  test('within what the settings promise passes, with the formula and how much of the median it was', () => {
    const verdict = judged(5.54);
    expect(verdict).toMatchObject({
      outcome: 'pass',
      reason:
        "edge-tcp was out for 5.54 s ± 0.01 s; the load balancer's settings promise 4.94 s to 7.15 s, margin included " +
        '(memberlist), median 5.60 s; it was back 5.55 s after the injection began: 0.99 of the median',
    });
    const { check: _, ...envelope } = PROMISED;
    expect(verdict.envelope).toEqual(envelope);
    expect(verdict.headline).toMatch(/for 5\.54 s ± 0\.01 s after node agent-0 was killed\.$/);
  });

  test('that takes longer, comes too early, or never comes fails', () => {
    expect(judged(7.4)).toMatchObject({ outcome: 'fail', reason: expect.stringMatching(/: 1\.32 of the median$/) });
    expect(judged(4.5)).toMatchObject({
      outcome: 'fail',
      reason: expect.stringMatching(/4\.5\d s after the injection began: 0\.8\d of the median$/),
    });
    expect(judged(500)).toMatchObject({
      outcome: 'fail',
      reason: expect.stringMatching(/did not come back; the load/),
    });
  });

  test('of a machine whose kernel outlived its processes counts from the begin of the injection', () => {
    const slowDeath = { kind: 'node-kill', nodes: ['agent-0'], takesMs: 430, lasting: null };
    const verdict = judged(4.72, { fault: slowDeath });
    expect(verdict).toMatchObject({
      outcome: 'pass',
      reason: expect.stringMatching(/it was back 5\.1\d s after the injection began: 0\.92 of the median$/),
    });
    expect(judged(4.4, { fault: slowDeath }).outcome).toBe('fail');
  });

  test('by a prober that is late is in doubt', () => {
    expect(judged(5.5, { lateMs: 80 })).toMatchObject({
      outcome: 'inconclusive',
      reason: expect.stringMatching(/^prober late: edge-tcp .* the limits are 50 ms/),
    });
  });
});

test('a run without a promise has no envelope', () => {
  expect(judge(failedOver(1), []).envelope).toBeNull();
});

test('one of several runs says which', () => {
  const repeat = { set: 'a1b2', index: 3, of: 10 };
  expect(judge(failedOver(1, 5, { begin: { repeat } }), []).repeat).toEqual(repeat);
  expect(judge(failedOver(1), []).repeat).toBeNull();
});
