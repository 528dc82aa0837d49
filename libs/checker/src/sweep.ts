/** Who reaches whom, by the sweeps: whole before and after, and in between exactly what the scenario declares is lost. */
import type { EventOf, Nanoseconds, ReachCell, ReachPath, Stamped } from '@faultline/history';
import type { Expectation, SweepLoss } from './expectation.ts';
import { eventsOf, type Facts, type FaultFacts } from './facts.ts';
import { answer, type Answer, type Judged, type Of } from './judged.ts';
import { result, type Check, type Situation } from './standing.ts';

type When = EventOf<'sweep'>['when'];
type Declaration = Of<'sweep'>;

/** No good answer came; every one came; some did. Nobody could ask, because the node is dead: nobody reached anybody. */
export type Reach = 'whole' | 'lost' | 'some';

export function reachOf({ asked, lost }: ReachCell): Reach {
  if (lost >= asked) return 'lost';
  return lost === 0 ? 'whole' : 'some';
}

/** The paths on which pods speak to pods, and so must see each other's own addresses. */
const WITHOUT_NAT: readonly ReachPath[] = ['pod-pod', 'pod-pod-large'];

/** Of several sweeps at one stage the last one. */
export function sweepAt(events: readonly Stamped[], when: When): readonly ReachCell[] | undefined {
  return eventsOf(events, 'sweep').findLast((event) => event.when === when)?.cells;
}

export const SWEEP_GATES: Readonly<Record<string, Check>> = { 'reachability before': before };
export const SWEEP_INVARIANTS: Readonly<Record<string, Check>> = {
  'nothing else lost': nothingElse,
  'reachability after': after,
};

function before({ facts }: Situation): ReturnType<Check> {
  const cells = sweepAt(facts.events, 'before');
  if (!cells) return undefined;
  const doubts = notWhole(cells);
  return doubts ? result('inconclusive', `never steady: ${doubts}`) : result('pass', allWhole(cells));
}

function after({ facts }: Situation): ReturnType<Check> {
  const cells = sweepAt(facts.events, 'after');
  if (!cells) return undefined;
  const doubts = notWhole(cells);
  return doubts ? result('fail', `after healing, ${doubts}`) : result('pass', allWhole(cells));
}

/** Undefined: every cell is whole, and between pods nobody's address was translated. */
function notWhole(cells: readonly ReachCell[]): string | undefined {
  const bad = cells.filter((cell) => reachOf(cell) !== 'whole');
  const translated = cells.filter(({ path, sourceKept }) => WITHOUT_NAT.includes(path) && sourceKept === false);
  if (bad.length > 0) return `${bad.length} of ${cells.length} cells are not whole: ${listed(bad)}`;
  if (translated.length > 0) return `between pods the source address was translated: ${listed(translated)}`;
  return cells.length === 0 ? 'nobody was asked' : undefined;
}

function allWhole(cells: readonly ReachCell[]): string {
  const paths = new Set(cells.map(({ path }) => path));
  const { length } = cells.filter(({ path, sourceKept }) => WITHOUT_NAT.includes(path) && sourceKept);
  return `all ${cells.length} cells of ${paths.size} paths are whole, ${length} between pods without NAT`;
}

/** A cell while faults were in force, and those. Where several begin and end, there is a sweep at the end of each. */
interface Asked {
  readonly cell: ReachCell;
  readonly faults: readonly FaultFacts[];
}

function during({ events, faults }: Facts): readonly Asked[] {
  return eventsOf(events, 'sweep')
    .filter(({ when }) => when === 'during')
    .flatMap(({ at, cells }) => {
      const inForce = faults.filter((fault) => isInForce(fault, at));
      return cells.map((cell) => ({ cell, faults: inForce }));
    });
}

const isInForce = ({ inject, heal }: FaultFacts, at: Nanoseconds): boolean =>
  inject.end !== null && inject.end <= at && (heal === null || heal.begin > at);

/** What one expectation says of its own paths; what others say of them as well is heeded. */
export function sweep(expectation: Declaration, { facts, expectations }: Judged): Answer {
  const all = during(facts);
  const own = all.filter(({ cell }) => isOn(expectation, cell.path));
  if (all.length === 0)
    return answer('inconclusive', 'nobody swept while the fault was in force: the scenario must watch `sweep`');
  if (own.length === 0)
    return answer('inconclusive', `the sweep has no cell of ${pathsOf(expectation)}: there is none on this substrate`);
  return compared(own, expectations);
}

/** Where a scenario declares what is lost, all else is declared to be whole. */
function nothingElse({ facts, expectations }: Situation): ReturnType<Check> {
  const declarations = declared(expectations);
  const rest = during(facts).filter(({ cell }) => !declarations.some((one) => isOn(one, cell.path)));
  return rest.length === 0 || declarations.length === 0 ? undefined : compared(rest, expectations);
}

function compared(asked: readonly Asked[], expectations: readonly Expectation[]): Answer {
  const judged = asked.map(({ cell, faults }) => ({ cell, due: dueOf(cell, declared(expectations), faults) }));
  const wrong = (due: Reach): readonly ReachCell[] =>
    judged.filter((one) => one.due === due && reachOf(one.cell) !== due).map(({ cell }) => cell);
  const [spared, hit] = [wrong('lost'), wrong('whole')];
  const lost = asked.filter(({ cell }) => reachOf(cell) === 'lost').length;
  const due = judged.filter((one) => one.due === 'lost').length;
  const saw = `${lost} of ${asked.length} cells were lost`;
  if (hit.length + spared.length > 0) {
    const mistakes = [
      ...(hit.length > 0 ? [`not declared: ${listed(hit)}`] : []),
      ...(spared.length > 0 ? [`declared, but not lost: ${listed(spared)}`] : []),
    ];
    return answer('fail', `${saw}, ${due} are declared; ${mistakes.join('; ')}`);
  }
  const chance = judged.filter((one) => one.due === undefined).length;
  const right =
    lost + due === 0 ? `none of ${asked.length} cells was lost, as declared` : `${saw}: exactly the ${due} declared`;
  return answer('pass', `${right}${chance > 0 ? `; ${chance} are not judged` : ''}`);
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
  const isDue = about.some(({ lost, fault }) => {
    const meant = faults.filter((one) => fault === undefined || one.fault === fault);
    return isLost(cell, lost, new Set(meant.flatMap(({ nodes }) => nodes)));
  });
  if (isDue) return 'lost';
  return about.some(({ lost }) => lost === 'any') ? undefined : 'whole';
}

const LOST: Readonly<Record<SweepLoss, (from: boolean, to: boolean, isWithin: boolean) => boolean>> = {
  none: () => false,
  any: () => false,
  all: () => true,
  'all-cross-node': (_from, _to, isWithin) => !isWithin,
  'of-target': (from, to) => from || to,
  'cross-node-of-target': (from, to) => from !== to,
  'to-target': (_from, to) => to,
  'cross-node-to-target': (_from, to, isWithin) => to && !isWithin,
  'from-target': (from) => from,
  'cross-node-from-target': (from, _to, isWithin) => from && !isWithin,
};

function isLost({ from, to }: ReachCell, lost: Declaration['lost'], struck: ReadonlySet<string>): boolean {
  if (typeof lost === 'object') return lost.pairs.some((pair) => pair[0] === from && pair[1] === to);
  return LOST[lost](struck.has(from), struck.has(to), from === to);
}

export const declared = (expectations: readonly Expectation[]): readonly Declaration[] =>
  expectations.filter((one) => one.check === 'sweep');

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
