import { describe, expect, test } from 'vitest';
import { alarmsIn, changesIn, energies } from './changes.ts';

/** Noise of 3 % that is the same in every test. */
const noise = (count: number, from = 0): readonly number[] =>
  Array.from({ length: count }, (_, index) => 0.03 * Math.sin((index + from) * 12.9898));
const shifted = (values: readonly number[], factor: number): readonly number[] =>
  values.map((value) => value + Math.log(factor));
const step = (before: number, after: number, factor: number): readonly number[] => [
  ...noise(before),
  ...shifted(noise(after, before), factor),
];
const range = (from: number, to: number, by: number): readonly number[] =>
  Array.from({ length: Math.ceil((to - from) / by) }, (_, index) => from + index * by);

describe('the energy statistic', () => {
  test('is the one of signal-processing-algorithms, by the figure in its own test', () => {
    const left = range(1, 300, 1);
    expect(energies([...left, ...range(1000, 5000, 10)])[left.length]).toBeCloseTo(728_381.0157, 3);
  });

  test('is the same, however it is summed up', () => {
    const values = noise(14);
    const mean = (a: readonly number[], b: readonly number[]): number =>
      a.flatMap((x) => b.map((y) => Math.abs(x - y))).reduce((sum, far) => sum + far, 0) / (a.length * b.length);
    for (let at = 1; at < values.length; at++) {
      const [a, b] = [values.slice(0, at), values.slice(at)];
      const direct = ((a.length * b.length) / values.length) * (2 * mean(a, b) - mean(a, a) - mean(b, b));
      expect(energies(values)[at]).toBeCloseTo(direct, 12);
    }
  });
});

describe('changes of a series', () => {
  test('a step of 10 % is found where it is, with its size', () => {
    const [change, ...others] = changesIn(step(30, 10, 1.1));
    expect(others).toEqual([]);
    expect(change?.at).toBe(30);
    expect(change?.factor).toBeCloseTo(1.1, 1);
    expect(change?.chance).toBeLessThan(0.0002);
  });

  test('a step down is found too: what got faster is news', () => {
    expect(changesIn(step(20, 20, 1 / 1.3)).map(({ at }) => at)).toEqual([20]);
  });

  test('two steps are two changes, there and back', () => {
    const series = [...noise(20), ...shifted(noise(20, 20), 1.5), ...noise(20, 40)];
    expect(changesIn(series).map(({ at, factor }) => [at, factor > 1])).toEqual([
      [20, true],
      [40, false],
    ]);
  });

  test('noise alone is no change', () => expect(changesIn(noise(90))).toEqual([]));

  test('a step of 4 % is none, however certain', () => {
    expect(changesIn(step(40, 40, 1.04))).toEqual([]);
    expect(changesIn(step(40, 40, 1.06))).toHaveLength(1);
  });

  test('one night, or four, are none; the fifth makes it one', () => {
    expect(changesIn(step(30, 1, 3))).toEqual([]);
    expect(changesIn(step(30, 4, 1.5)).filter(({ at }) => at === 30)).toEqual([]);
    expect(changesIn(step(30, 5, 1.5)).map(({ at }) => at)).toEqual([30]);
  });

  test('a night out of line, three times as slow, is none, and alarms nobody', () => {
    const series = [...noise(30), Math.log(3), ...noise(30, 31)];
    expect(changesIn(series)).toEqual([]);
    expect(alarmsIn(series)).toEqual([]);
  });

  test('nine points are too few for two sides, and none is none', () => {
    expect(changesIn(step(5, 4, 2))).toEqual([]);
    expect(changesIn([])).toEqual([]);
  });

  test('of a series without noise the step is found, and of a constant one none', () => {
    expect(changesIn([...Array<number>(10).fill(0), ...Array<number>(10).fill(1)]).map(({ at }) => at)).toEqual([10]);
    expect(changesIn(Array<number>(30).fill(0.5))).toEqual([]);
  });

  test('the same series has the same changes', () => {
    const series = step(30, 12, 1.12);
    expect(changesIn(series)).toEqual(changesIn([...series]));
  });
});

describe('alarms, night by night', () => {
  test('a step is told once, some nights after it, and then put where it is', () => {
    const series = step(30, 40, 1.3);
    const [alarm, ...others] = alarmsIn(series);
    expect(others).toEqual([]);
    // The first evening it is seen, the nights before it have to stand in for those that are to come.
    expect(alarm?.seen).toBe(32);
    expect(alarm?.at).toBe(28);
    expect(changesIn(series).map(({ at }) => at)).toEqual([30]);
  });

  test('what is told does not depend on what came later', () => {
    const series = step(30, 40, 1.3);
    const [alarm] = alarmsIn(series);
    expect(alarmsIn(series.slice(0, (alarm?.seen ?? 0) + 1))).toEqual([alarm]);
    expect(alarmsIn(series.slice(0, alarm?.seen))).toEqual([]);
  });

  test('noise alone alarms nobody', () => expect(alarmsIn(noise(120))).toEqual([]));
});
