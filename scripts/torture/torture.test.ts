import { FAULT_KINDS, planFault } from '@faultline/fault/plan';
import { seeded } from '@faultline/scenario/plan';
import { expect, test } from 'vitest';
import { drawKill, wordsOf, type Pool } from './draw.ts';
import { isCutBefore, restoredAfter } from './stream.ts';
import { promises, quantileOf, rows, table, type Result } from './tally.ts';

const pool: Pool = { kinds: FAULT_KINDS, nodes: ['agent-0', 'agent-1'], balancers: ['lb-0'], whole: 0.1 };
const draw = (seed: number, count: number) => {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, index) => drawKill(index + 1, random, pool));
};

test('the same seed kills the same harnesses at the same instants', () => {
  expect(draw(1, 50)).toEqual(draw(1, 50));
  expect(draw(1, 50)).not.toEqual(draw(2, 50));
});

test('every kind is drawn, with parameters that it takes, before and while it is in force', () => {
  const kills = draw(3, 2_000);
  expect(new Set(kills.map(({ kind }) => kind)).size).toBe(FAULT_KINDS.length);
  for (const { kind, parameters, forMs } of kills) {
    const fault = { id: 'f', kind, parameters, target: { select: 'announcer' }, afterMs: 0, lastingMs: forMs } as const;
    expect(() => planFault(fault)).not.toThrow();
  }
  expect(new Set(kills.map(({ after }) => after))).toEqual(new Set(['start', 'in-force']));
  expect(
    wordsOf({ ...draw(1, 1)[0], kind: 'loss', on: 'agent-0', forMs: 500, parameters: { percent: 100 } } as never),
  ).toEqual(['inject', 'loss', '--on', 'agent-0', '--for', '500ms', '--set', 'percent=100']);
});

/** An answer every 5 ms, but for the time between. */
const answers = (from: number, to: number): number[] =>
  Array.from({ length: 400 }, (_, index) => index * 5).filter((time) => time < from || time >= to);

test('traffic is cut when most of it has no answer, and back at the first answer that others follow', () => {
  expect(isCutBefore(answers(500, 1_200), 1_000)).toBe(true);
  expect(isCutBefore(answers(500, 600), 1_000)).toBe(false);
  expect(restoredAfter(answers(500, 1_200), 1_000, 1_250)).toBe(200);
  expect(
    restoredAfter(
      [...answers(500, 1_200), 1_001].toSorted((a, b) => a - b),
      1_000,
      1_250,
    ),
  ).toBe(200);
  expect(restoredAfter(answers(500, 9_999), 1_000, 1_250)).toBeUndefined();
  expect(restoredAfter(answers(500, 600), 1_000, 1_250)).toBeNull();
});

test('a node that goes down after the kill is back when it answers again, and a later gap is none of the fault', () => {
  expect(restoredAfter(answers(1_100, 1_700), 1_000, 1_500)).toBe(700);
  expect(restoredAfter(answers(1_100, 1_700), 1_000, 1_000)).toBe(700);
  expect(restoredAfter(answers(1_600, 1_800), 1_000, 1_300)).toBeNull();
});

test('of a link that flaps the last gap before it was undone counts', () => {
  const flapping = answers(400, 800).filter((time) => time < 1_000 || time >= 1_400);
  expect(restoredAfter(flapping, 900, 1_400)).toBe(500);
});

const killed = (more: Partial<Result>): Result => ({
  number: 1,
  how: 'inject',
  kind: 'block-port',
  on: 'agent-0',
  parameters: {},
  killedAfter: 'in-force + 300 ms',
  inForce: true,
  undoneBy: 'kernel',
  restoredMs: 20,
  undoneMs: 900,
  left: [],
  foreignMissing: [],
  ...more,
});

test('a leak is counted, in its kind and in all', () => {
  const results = [
    killed({}),
    killed({ left: ['+ nft: table x'] }),
    killed({ kind: 'loss', foreignMissing: ['volume'] }),
  ];
  expect(rows(results).map(({ kind, leaks }) => [kind, leaks])).toEqual([
    ['block-port', 1],
    ['loss', 1],
  ]);
  expect(promises(results)[0]).toMatchObject({ kept: false, said: expect.stringContaining('2 left something behind') });
  expect(table(results)).toContain('| block-port | 2 | 2 | 1 | 2 | 20 | 20 | 20 | 2 | 900 | 900 | 900 |');
});

test('packet faults are held to their median, the others to their 99th percentile', () => {
  const slow = { restoredMs: null, undoneBy: 'supervisor', kind: 'node-pause' } as const;
  const good = promises([killed({}), killed({ restoredMs: 9_000 }), killed({ restoredMs: 30 }), killed(slow)]);
  expect(good.map(({ kept }) => kept)).toEqual([true, true, true]);
  const bad = promises([killed({ restoredMs: 300 }), killed({ ...slow, undoneMs: 3_100 })]);
  expect(bad.map(({ kept }) => kept)).toEqual([true, false, false]);
});

test('a quantile is one of the values', () => {
  expect(quantileOf([3, 1, 2], 0.5)).toBe(2);
  expect(quantileOf([1, 2, 3, 4], 0.99)).toBe(4);
  expect(quantileOf([], 0.5)).toBeUndefined();
});
