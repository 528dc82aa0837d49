/** Series of nights made of the project's own noise, and how rules of alarm do on them. */
import { alarmsIn } from '@faultline/matrix/plan';
import { below, seeded } from '@faultline/scenario/plan';
import type { Noise } from './noise.ts';

/** Nights before a step, and nights after it within which it has to be found. */
export const AFTER = 10;
/** Without a step, for false alarms; a rule may speak from the eleventh night on. */
export const QUIET = 90;
const FIRST = 10;
export const STEP = 1.1;

/** A night on which a rule speaks, and where it says that the change is. */
export interface Spoken {
  readonly seen: number;
  readonly at: number;
  readonly factor: number;
}

export type Rule = (logs: readonly number[]) => readonly Spoken[];

export const divisive: Rule = (logs) => alarmsIn(logs);

/** More than so much above the median of the last ten nights; on a second such night in a row nobody is told again. */
export function threshold(share: number): Rule {
  return (logs) => {
    const isOver = (night: number): boolean => {
      const before = logs.slice(night - 10, night).toSorted((a, b) => a - b);
      const median = ((before[4] ?? 0) + (before[5] ?? 0)) / 2;
      return night >= 10 && (logs[night] ?? 0) > median + Math.log(1 + share);
    };
    return logs.flatMap((_, night) =>
      isOver(night) && !isOver(night - 1) ? [{ seen: night, at: night, factor: 1 + share }] : [],
    );
  };
}

export interface Trial {
  readonly noise: readonly Noise[];
  /** Runs of the row in one night: the night's value is their mean. */
  readonly repeats: number;
  /** Nights before the step. */
  readonly before: number;
  /** All load balancers together. */
  readonly series: number;
  readonly seed: number;
}

export interface Score {
  /** Share of the series in which the step was found, by load balancer and of all. */
  readonly found: number;
  readonly foundOf: readonly number[];
  /** For 1,000 series-nights. */
  readonly falseAlarms: number;
}

export function score(rule: Rule, { noise, repeats, before, series, seed }: Trial): Score {
  const random = seeded(seed);
  const each = Math.ceil(series / noise.length);
  let alarms = 0;
  const foundOf = noise.map(({ residuals }) => {
    let found = 0;
    for (let one = 0; one < each; one++) {
      const quiet = Array.from({ length: QUIET }, () => oneNight(residuals, repeats, random));
      alarms += rule(quiet).filter(({ seen }) => seen >= FIRST).length;
      const stepped = quiet.slice(0, before + AFTER).map((log, index) => (index < before ? log : log + Math.log(STEP)));
      if (rule(stepped).some((spoken) => isTheStep(spoken, before))) found += 1;
    }
    return found / each;
  });
  const found = foundOf.reduce((sum, share) => sum + share, 0) / foundOf.length;
  return { found, foundOf, falseAlarms: (alarms / (each * noise.length * (QUIET - FIRST))) * 1000 };
}

/** Said after it, of a change for the worse, and half of the nights off at most. */
const isTheStep = ({ seen, at, factor }: Spoken, before: number): boolean =>
  seen >= before && factor > 1 && (Math.abs(at - before) <= AFTER / 2 || at === seen);

/** Its value, drawn again and again from what was measured. */
function oneNight(residuals: readonly number[], repeats: number, random: () => number): number {
  let sum = 0;
  for (let run = 0; run < repeats; run++) sum += residuals[below(random, residuals.length)] ?? 0;
  return sum / repeats;
}
