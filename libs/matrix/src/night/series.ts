/** Measured times, night by night: of one row, and of all rows that share a mechanism. */
import { median, type NightFigure, type SeriesChange } from '@faultline/checker';
import type { Figure, Result } from '../result.ts';
import { alarmsIn, CHANGE_RULE, changesIn, type Change } from './changes.ts';
import type { Night } from './gather.ts';

/** A night's value of a series. */
export interface Point {
  /** Index of the night. */
  readonly night: number;
  /** The mean, over the night's runs, of the natural logarithm of measured / expected. */
  readonly log: number;
  /** The geometric mean of what was measured, milliseconds. */
  readonly ms: number;
  readonly runs: number;
  readonly commit: string | null;
  readonly host: string;
}

export interface Series {
  readonly row: string;
  readonly scenario: string;
  readonly loadBalancer: string;
  readonly name: string;
  readonly points: readonly Point[];
  readonly expected: Figure['expected'];
}

interface Measured {
  readonly night: number;
  readonly result: Result;
  readonly figure: Figure;
}

/** Of every row and figure. What was in doubt is no figure. */
export function seriesOf(nights: readonly Night[]): readonly Series[] {
  const measured = nights.flatMap(({ results }, night) =>
    results
      .filter(({ verdict }) => verdict === 'pass' || verdict === 'fail')
      .flatMap((result) => result.figures.map((figure): Measured => ({ night, result, figure }))),
  );
  const groups = Map.groupBy(measured, ({ result, figure }) => JSON.stringify([result.row, figure.name]));
  return [...groups.values()].flatMap(seriesOfGroup);
}

function seriesOfGroup(group: readonly Measured[]): readonly Series[] {
  const last = group.at(-1);
  if (!last) return [];
  const { row, scenario, cell } = last.result;
  // Where a night promises nothing, what others promise is no measure for all.
  const isPromised = group.every(({ figure }) => figure.expected !== null);
  const points = [...Map.groupBy(group, ({ night }) => night)].map(([night, runs]) => pointOf(night, runs, isPromised));
  const expected = isPromised ? last.figure.expected : null;
  return [{ row, scenario, loadBalancer: cell['loadBalancer'] ?? '', name: last.figure.name, points, expected }];
}

function pointOf(night: number, runs: readonly Measured[], isPromised: boolean): Point {
  const ms = mean(runs.map(({ figure }) => Math.log(figure.measured)));
  const promised = mean(runs.map(({ figure }) => Math.log(figure.expected?.median ?? 1)));
  const [first] = runs;
  return {
    night,
    log: isPromised ? ms - promised : ms,
    ms: Math.exp(ms),
    runs: runs.length,
    commit: first?.result.commit ?? null,
    host: first?.result.host ?? '',
  };
}

/**
 * Of a row's series those that are followed: what is promised; where nothing is, what the run told last, which is what its
 * question is about. Every probe tells of the same failover: to follow them all would only be more chances of a false alarm.
 */
export function followed(ofRow: readonly Series[]): readonly Series[] {
  const promised = ofRow.filter(({ expected }) => expected !== null);
  return promised.length > 0 ? promised : ofRow.slice(-1);
}

/** @param shown how many of the last nights. */
export function figureOf(
  series: Pick<Series, 'name' | 'points' | 'expected'>,
  names: readonly string[],
  shown: number,
): NightFigure {
  const { name, points, expected } = series;
  const tonight = points.find(({ night }) => night === names.length - 1);
  const zero = expected ? 0 : median(points.map(({ log }) => log));
  const from = Math.max(0, names.length - shown);
  const past = names.slice(from).map((_, index) => {
    const point = points.find(({ night }) => night === from + index);
    return point ? Math.exp(point.log - zero) : null;
  });
  return {
    name,
    measuredMs: tonight?.ms ?? null,
    runs: tonight?.runs ?? 0,
    expected,
    past,
    change: changeOf(points, names, from),
  };
}

/** Older nights have no say in what is told today. */
const HORIZON = 2 * CHANGE_RULE.window;

/** The last change, where it is among the nights shown, or was first seen tonight. */
function changeOf(all: readonly Point[], names: readonly string[], from: number): SeriesChange | null {
  const points = all.slice(-HORIZON);
  const logs = points.map(({ log }) => log);
  const isTonights = points.at(-1)?.night === names.length - 1;
  const fresh = isTonights ? alarmsIn(logs).filter(({ seen }) => seen === logs.length - 1) : [];
  const [last] = [...fresh, ...changesIn(logs)].toSorted((a, b) => b.at - a.at);
  if (!last || (fresh.length === 0 && (points[last.at]?.night ?? -1) < from)) return null;
  return told(last, points, { names, isNew: fresh.some(({ at }) => at === last.at) });
}

interface Telling {
  readonly names: readonly string[];
  readonly isNew: boolean;
}

function told({ at, factor, chance }: Change, points: readonly Point[], { names, isNew }: Telling): SeriesChange {
  const [before, after] = [points[at - 1], points[at]];
  return {
    night: names[after?.night ?? 0] ?? '',
    factor,
    chance,
    isNew,
    commits: [before?.commit ?? null, after?.commit ?? null],
    hosts: [before?.host ?? '', after?.host ?? ''],
  };
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
