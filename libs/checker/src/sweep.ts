/** Who reaches whom, by the sweeps: whole before and after, and in between exactly what the scenario declares is lost. */
import type { EventOf, Nanoseconds, ReachCell, ReachPath, Stamped } from '@faultline/history';
import type { Expectation, SweepLoss } from './expectation.ts';
import { eventsOf, faultsOf, type FaultFacts } from './facts.ts';
import { answer, type Answer, type Judged, type Of } from './judged.ts';
import { result, type Check, type Situation } from './standing.ts';

type When = EventOf<'sweep'>['when'];
type Declaration = Of<'sweep'>;

/**
 * `lost`: no good answer came. `whole`: the most came, for on a busy host one may be late by chance; a path that loses some
 * of its packets is for the probes. `unknown`: nobody could ask.
 */
export type Reach = 'whole' | 'lost' | 'some' | 'unknown';

/** Of the answers, at least so many. */
const WHOLE_SHARE = 2 / 3;

export function reachOf({ asked, lost }: ReachCell): Reach {
  if (asked === 0) return 'unknown';
  if (lost >= asked) return 'lost';
  return asked - lost >= asked * WHOLE_SHARE ? 'whole' : 'some';
}

/** The paths on which pods speak to pods, and so must see each other's own addresses. */
const WITHOUT_NAT: readonly ReachPath[] = ['pod-pod', 'pod-pod-large'];

export interface JudgedCell extends ReachCell {
  readonly reach: Reach;
  /** What it is to be; undefined: nobody says, or it is left to chance. */
  readonly due: Reach | undefined;
}

export interface JudgedSweep {
  readonly when: When;
  readonly cells: readonly JudgedCell[];
}

/** Every sweep of a run, in order. Where several faults begin and end, there is one at the end of each. */
export function sweepsOf(events: readonly Stamped[], expectations: readonly Expectation[]): readonly JudgedSweep[] {
  const declarations = expectations.filter((one) => one.check === 'sweep');
  const faults = faultsOf(events);
  const sweeps = eventsOf(events, 'sweep');
  const [first] = sweeps;
  return sweeps.map(({ when, at, cells }) => {
    const inForce = faults.filter((fault) => isInForce(fault, at));
    const due = (cell: ReachCell): Reach | undefined => {
      if (when !== 'during') return 'whole';
      return declarations.length === 0 ? undefined : dueOf(cell, declarations, inForce);
    };
    const isStruck = ({ from }: ReachCell): boolean => inForce.some(({ nodes }) => nodes.includes(from));
    // Where nobody could ask because the fault took the asker, nobody reached anybody.
    const reach = (cell: ReachCell): Reach => (cell.asked === 0 && isStruck(cell) ? 'lost' : reachOf(cell));
    const asked = cells.map((cell) => ({ ...cell, reach: reach(cell), due: due(cell) }));
    const unknown = missing(first?.cells ?? [], cells).map((cell) => ({
      ...cell,
      reach: reachOf(cell),
      due: due(cell),
    }));
    return { when, cells: [...asked, ...unknown] };
  });
}

/** What was asked once and not again is not known: a matrix without it would look whole. The cluster's DNS may move. */
function missing(earlier: readonly ReachCell[], now: readonly ReachCell[]): readonly ReachCell[] {
  const key = ({ path, from, to }: ReachCell): string => JSON.stringify([path, from, path === 'dns' ? '' : to]);
  const asked = new Set(now.map(key));
  const left = earlier.filter((cell) => !asked.has(key(cell)));
  return left.map((cell) => ({ ...cell, asked: 0, lost: 0, sourceKept: null, detail: 'not asked again' }));
}

const isInForce = ({ inject, heal }: FaultFacts, at: Nanoseconds): boolean =>
  inject.end !== null && inject.end <= at && (heal === null || heal.begin > at);

const at = ({ facts, expectations }: Situation, when: When): readonly JudgedCell[] =>
  sweepsOf(facts.events, expectations).flatMap((one) => (one.when === when ? one.cells : []));

export const SWEEP_GATES: Readonly<Record<string, Check>> = { 'reachability before': before };
export const SWEEP_INVARIANTS: Readonly<Record<string, Check>> = {
  'nothing else lost': nothingElse,
  'reachability after': after,
};

function before(situation: Situation): ReturnType<Check> {
  const cells = at(situation, 'before');
  if (cells.length === 0) return undefined;
  const doubts = notWhole(cells);
  return doubts ? result('inconclusive', `never steady: ${doubts}`) : result('pass', allWhole(cells));
}

function after(situation: Situation): ReturnType<Check> {
  const cells = at(situation, 'after');
  if (cells.length === 0) return undefined;
  const doubts = notWhole(cells);
  if (!doubts) return result('pass', allWhole(cells));
  const isKnown = cells.every(({ reach }) => reach !== 'unknown');
  return result(isKnown ? 'fail' : 'inconclusive', `after healing, ${doubts}`);
}

/** Undefined: every cell is whole, and between pods nobody's address was translated. */
function notWhole(cells: readonly JudgedCell[]): string | undefined {
  const bad = cells.filter(({ reach }) => reach !== 'whole');
  const translated = cells.filter(({ path, sourceKept }) => WITHOUT_NAT.includes(path) && sourceKept === false);
  if (bad.length > 0) return `${bad.length} of ${cells.length} cells are not whole: ${listed(bad)}`;
  if (translated.length > 0) return `between pods the source address was translated: ${listed(translated)}`;
  return undefined;
}

function allWhole(cells: readonly ReachCell[]): string {
  const paths = new Set(cells.map(({ path }) => path));
  const { length } = cells.filter(({ path, sourceKept }) => WITHOUT_NAT.includes(path) && sourceKept);
  return `all ${cells.length} cells of ${paths.size} paths are whole, ${length} between pods without NAT`;
}

/** What one expectation says of its own paths; what others say of them as well is heeded. */
export function sweep(expectation: Declaration, situation: Judged): Answer {
  const all = at(situation, 'during');
  const own = all.filter(({ path }) => isOn(expectation, path));
  if (all.length === 0)
    return answer('inconclusive', 'nobody swept while the fault was in force: the scenario must watch `sweep`');
  if (own.length === 0)
    return answer('inconclusive', `the sweep has no cell of ${pathsOf(expectation)}: there is none on this substrate`);
  return compared(own);
}

/** Where a scenario declares what is lost, all else is declared to be whole. */
function nothingElse(situation: Situation): ReturnType<Check> {
  const declarations = situation.expectations.filter((one) => one.check === 'sweep');
  const rest = at(situation, 'during').filter(({ path }) => !declarations.some((one) => isOn(one, path)));
  return rest.length === 0 || declarations.length === 0 ? undefined : compared(rest);
}

function compared(cells: readonly JudgedCell[]): Answer {
  const wrong = (wanted: Reach): readonly JudgedCell[] =>
    cells.filter(({ due, reach }) => due === wanted && reach !== due && reach !== 'unknown');
  const [spared, hit] = [wrong('lost'), wrong('whole')];
  const lostOf = (some: readonly JudgedCell[]) => some.filter(({ reach }) => reach === 'lost').length;
  const judged = cells.filter((cell) => cell.due !== undefined);
  const chance = cells.filter((cell) => cell.due === undefined);
  const due = judged.filter((cell) => cell.due === 'lost').length;
  const lost = lostOf(judged);
  const saw = `${lost} of ${judged.length} cells were lost`;
  if (hit.length + spared.length > 0) {
    const mistakes = [
      ...(hit.length > 0 ? [`not declared: ${listed(hit)}`] : []),
      ...(spared.length > 0 ? [`declared, but not lost: ${listed(spared)}`] : []),
    ];
    return answer('fail', `${saw}, ${due} are declared; ${mistakes.join('; ')}`);
  }
  const unknown = cells.filter(({ reach }) => reach === 'unknown');
  if (unknown.length > 0)
    return answer('inconclusive', `${unknown.length} cells could not be asked: ${listed(unknown)}`);
  if (judged.length === 0)
    return answer('pass', `${lostOf(chance)} of ${cells.length} cells were lost; none is judged`);
  const right =
    lost + due === 0 ? `none of ${judged.length} cells was lost, as declared` : `${saw}: exactly the ${due} declared`;
  const besides = chance.length > 0 ? `; of ${chance.length} that are not judged ${lostOf(chance)} were lost` : '';
  return answer('pass', `${right}${besides}`);
}

/** What the scenario says must be of this cell while these faults are in force; undefined: it is not judged. */
export function dueOf(
  cell: ReachCell,
  declarations: readonly Declaration[],
  faults: readonly Pick<FaultFacts, 'fault' | 'nodes'>[],
): Reach | undefined {
  const about = declarations.filter(
    (one) => isOn(one, cell.path) && faults.some(({ fault }) => one.fault === undefined || one.fault === fault),
  );
  const isSo = (of: Partial<Record<SweepLoss, Meant>>): boolean =>
    about.some(({ lost, fault }) => {
      const meant = faults.filter((one) => fault === undefined || one.fault === fault);
      return isIn(of, cell, lost, new Set(meant.flatMap(({ nodes }) => nodes)));
    });
  if (isSo(LOST)) return 'lost';
  return isSo(CHANCE) ? undefined : 'whole';
}

/** Which cells a word means, by whether who asks and who is asked were struck. */
type Meant = (from: boolean, to: boolean, isWithin: boolean) => boolean;
type Chance = Extract<SweepLoss, `any${string}`>;

const LOST: Readonly<Record<Exclude<SweepLoss, Chance>, Meant>> = {
  none: () => false,
  all: () => true,
  'all-cross-node': (_from, _to, isWithin) => !isWithin,
  'of-target': (from, to) => from || to,
  'cross-node-of-target': (from, to) => from !== to,
  'to-target': (_from, to) => to,
  'cross-node-to-target': (_from, to, isWithin) => to && !isWithin,
  'from-target': (from) => from,
  'cross-node-from-target': (from, _to, isWithin) => from && !isWithin,
};

const CHANCE: Readonly<Record<Chance, Meant>> = {
  any: () => true,
  'any-of-target': (from, to) => from || to,
  'any-to-target': (_from, to) => to,
};

function isIn(
  of: Partial<Record<SweepLoss, Meant>>,
  { from, to }: ReachCell,
  lost: Declaration['lost'],
  struck: ReadonlySet<string>,
): boolean {
  if (typeof lost === 'object') return of === LOST && lost.pairs.some((pair) => pair[0] === from && pair[1] === to);
  return of[lost]?.(struck.has(from), struck.has(to), from === to) ?? false;
}

const isOn = ({ path }: Declaration, wanted: ReachPath): boolean =>
  path === 'all' || (typeof path === 'string' ? path === wanted : path.includes(wanted));

const pathsOf = ({ path }: Declaration): string =>
  typeof path === 'string' ? (path === 'all' ? 'any path' : path) : path.join(', ');

/** `sweep of all paths, lost: none`. */
export function sweepName(expectation: Declaration): string {
  const { path, lost } = expectation;
  const cells = typeof lost === 'object' ? lost.pairs.map((pair) => pair.join(' → ')).join(', ') || 'none' : lost;
  return `sweep ${path === 'all' ? 'of all paths' : pathsOf(expectation)}, lost: ${cells}`;
}

const MOST_NAMED = 6;

/** Cell by cell, with the reason where there is one; of one path to many, the path once. */
function listed(cells: readonly ReachCell[]): string {
  const shown = Object.entries(Object.groupBy(cells.slice(0, MOST_NAMED), ({ path }) => path)).map(
    ([path, of]) => `${path} ${of.map(described).join(', ')}`,
  );
  const more = cells.length > MOST_NAMED ? ` and ${cells.length - MOST_NAMED} more` : '';
  return `${shown.join('; ')}${more}`;
}

function described({ from, to, asked, lost, detail }: ReachCell): string {
  const figures = asked === 0 ? 'not asked' : `${lost} of ${asked} lost`;
  return `${from} → ${to} (${figures}${detail === '' ? '' : `: ${detail}`})`;
}
