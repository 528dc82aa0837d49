/**
 * Where a series of nights changed: E-divisive with a t-test, as Hunter has it (Fleming et al., arXiv 2301.03034, after
 * Matteson and James, arXiv 1306.4933).
 *
 * Top down, the place that divides a stretch best is where the energy distance of its two sides is largest; Student's t-test
 * says whether it divides it at all. Then, bottom up, what is too weak or too small is taken back. No permutations, so no
 * chance: the same series has the same changes, whoever asks.
 */
import { sampleOf, tTest } from './student.ts';

export interface ChangeRule {
  /** Points that a change needs on either side. */
  readonly least: number;
  /** The largest probability of chance that is believed. */
  readonly significance: number;
  /** The smallest change worth telling, as a share: 0.05 is 5 %. */
  readonly effect: number;
  /** How many of the last points are looked at. */
  readonly window: number;
}

/** What each was chosen by: docs/change-detection.md. */
export const CHANGE_RULE: ChangeRule = { least: 5, significance: 0.0002, effect: 0.05, window: 90 };

export interface Change {
  /** Index of the first point after it. */
  readonly at: number;
  /** What the values are multiplied by from there on: 1.1 is 10 % more. */
  readonly factor: number;
  /** The probability that it is chance, were this the only place looked at. */
  readonly chance: number;
}

/** While dividing, weaker places are kept: they may become strong when a neighbour is taken back. Hunter's ten times. */
const LENIENT = 10;

/** All changes of a series, in order. @param logs natural logarithms of measured / expected, oldest first. */
export function changesIn(logs: readonly number[], rule: ChangeRule = CHANGE_RULE): readonly Change[] {
  const lenient = { ...rule, significance: rule.significance * LENIENT };
  return confirmed(logs, divide(logs, 0, logs.length, lenient), rule);
}

/** Places that divide [from, to), in order. */
function divide(logs: readonly number[], from: number, to: number, rule: ChangeRule): readonly number[] {
  const place = best(logs.slice(from, to), rule.least);
  if (place === null) return [];
  const at = from + place;
  if (changeAt(logs, { from, at, to }).chance > rule.significance) return [];
  return [...divide(logs, from, at, rule), at, ...divide(logs, at, to, rule)];
}

/** Where the energy distance between the two sides is largest; null where there are too few points for two sides. */
function best(values: readonly number[], least: number): number | null {
  const statistics = energies(values);
  let found: number | null = null;
  for (let at = least; at <= values.length - least; at++) {
    if (found === null || (statistics[at] ?? 0) > (statistics[found] ?? 0)) found = at;
  }
  return found;
}

/** The energy statistic of every division of the values, by the index of the first on the right; it takes n^2 steps. */
export function energies(values: readonly number[]): readonly number[] {
  const count = values.length;
  // Sums of distances: across, and of each pair once within the left side and within the right one.
  let [across, left, right] = [0, 0, pairs(values)];
  const found = [0];
  for (let at = 1; at < count; at++) {
    const moved = values[at - 1] ?? 0;
    let [toLeft, toRight] = [0, 0];
    for (let index = 0; index < at - 1; index++) toLeft += Math.abs(moved - (values[index] ?? 0));
    for (let index = at; index < count; index++) toRight += Math.abs(moved - (values[index] ?? 0));
    across += toRight - toLeft;
    left += toLeft;
    right -= toRight;
    found.push(energy({ across, left, right }, at, count - at));
  }
  return found;
}

interface Distances {
  readonly across: number;
  readonly left: number;
  readonly right: number;
}

/** Szekely and Rizzo's statistic: nm / (n + m) of twice the mean distance across, less the mean distances within. */
function energy({ across, left, right }: Distances, n: number, m: number): number {
  return ((n * m) / (n + m)) * ((2 * across) / (n * m) - (2 * left) / n ** 2 - (2 * right) / m ** 2);
}

function pairs(values: readonly number[]): number {
  let sum = 0;
  for (const [index, value] of values.entries()) {
    for (let other = index + 1; other < values.length; other++) sum += Math.abs(value - (values[other] ?? 0));
  }
  return sum;
}

interface Place {
  readonly from: number;
  readonly at: number;
  readonly to: number;
}

function changeAt(logs: readonly number[], { from, at, to }: Place): Change {
  const before = sampleOf(logs.slice(from, at));
  const after = sampleOf(logs.slice(at, to));
  return { at, factor: Math.exp(after.mean - before.mean), chance: tTest(before, after) };
}

/** Takes back the weakest, one at a time, for each that goes changes what its neighbours are held against. */
function confirmed(logs: readonly number[], places: readonly number[], rule: ChangeRule): readonly Change[] {
  const found = places.map((at, index) =>
    changeAt(logs, { from: places[index - 1] ?? 0, at, to: places[index + 1] ?? logs.length }),
  );
  const goes = tooWeak(found, rule);
  if (!goes) return found;
  const kept = places.filter((at) => at !== goes.at);
  return confirmed(logs, kept, rule);
}

/** The one most likely by chance; where none is, the smallest. */
function tooWeak(found: readonly Change[], { significance, effect }: ChangeRule): Change | undefined {
  const [weakest] = found.toSorted((a, b) => b.chance - a.chance);
  if (weakest && weakest.chance > significance) return weakest;
  const [smallest] = found.toSorted((a, b) => size(a) - size(b));
  return smallest && size(smallest) < Math.log(1 + effect) ? smallest : undefined;
}

/** 5 % more and 5 % less are as large. */
const size = ({ factor }: Change): number => Math.abs(Math.log(factor));

/** A change, and the night in whose evening nobody had been told of it. */
export interface Alarm extends Change {
  /** Index of the point at which it was first seen. */
  readonly seen: number;
}

/**
 * What was told and when, had the series been looked at every night: each change once. The same change is found again the
 * next night, a night or two aside at times, and is no news.
 */
export function alarmsIn(logs: readonly number[], rule: ChangeRule = CHANGE_RULE): readonly Alarm[] {
  const told: Alarm[] = [];
  for (let seen = 2 * rule.least - 1; seen < logs.length; seen++) {
    const first = Math.max(0, seen + 1 - rule.window);
    for (const change of changesIn(logs.slice(first, seen + 1), rule)) {
      const at = first + change.at;
      const isKnown = told.some((one) => Math.abs(one.at - at) <= rule.least && one.factor > 1 === change.factor > 1);
      if (!isKnown) told.push({ ...change, at, seen });
    }
  }
  return told;
}
