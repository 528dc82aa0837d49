/** Who reaches whom, by the sweeps: whole before and after, and in between exactly what the scenario declares is lost. */
import type { EventOf, ReachCell, ReachPath, Stamped } from '@faultline/history';
import type { Expectation, SweepLoss } from './expectation.ts';
import { eventsOf, type FaultFacts } from './facts.ts';
import { answer, passIf, type Answer, type Judged, type Of } from './judged.ts';
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

/** Of several sweeps at one stage the last counts. */
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

/** What one expectation says of its own paths; what others say of them as well is heeded. */
export function sweep(expectation: Declaration, situation: Judged): Answer {
  const cells = sweepAt(situation.facts.events, 'during');
  if (!cells)
    return answer('inconclusive', 'nobody swept while the fault was in force: the scenario must watch `sweep`');
  const own = cells.filter(({ path }) => isOn(expectation, path));
  if (own.length === 0)
    return answer('inconclusive', `the sweep has no cell of ${pathsOf(expectation)}: there is none on this substrate`);
  return compared(own, situation);
}

/** Where a scenario declares what is lost, all else is declared to be whole. */
function nothingElse(situation: Situation): ReturnType<Check> {
  const declarations = declared(situation.expectations);
  const cells = sweepAt(situation.facts.events, 'during');
  if (!cells || declarations.length === 0) return undefined;
  const rest = cells.filter(({ path }) => !declarations.some((one) => isOn(one, path)));
  return rest.length === 0 ? undefined : compared(rest, situation);
}

function compared(cells: readonly ReachCell[], { facts, expectations }: Situation): Answer {
  const verdicts = cells.map((cell) => ({ cell, due: dueOf(cell, declared(expectations), facts.faults) }));
  const wrong = (due: Reach): readonly ReachCell[] =>
    verdicts.filter((one) => one.due === due && reachOf(one.cell) !== due).map(({ cell }) => cell);
  const [spared, hit] = [wrong('lost'), wrong('whole')];
  const lost = cells.filter((cell) => reachOf(cell) === 'lost').length;
  const due = verdicts.filter((one) => one.due === 'lost').length;
  const mistakes = [
    hit.length > 0 ? `not declared: ${listed(hit)}` : '',
    spared.length > 0 ? `declared, but not lost: ${listed(spared)}` : '',
  ].filter(Boolean);
  const saw = `${lost} of ${cells.length} cells were lost`;
  if (mistakes.length === 0) return passIf(true, `${saw}: exactly the ${due} declared, and no other`);
  return passIf(false, `${saw}, ${due} are declared; ${mistakes.join('; ')}`);
}

/** What the scenario says must be of this cell while the fault is in force; undefined: it is not judged. */
export function dueOf(
  cell: ReachCell,
  declarations: readonly Declaration[],
  faults: readonly Pick<FaultFacts, 'fault' | 'nodes'>[],
): Reach | undefined {
  const about = declarations.filter((one) => isOn(one, cell.path));
  const mustBeLost = about.some(({ lost, fault }) => {
    const struck = faults.filter((one) => fault === undefined || one.fault === fault).flatMap(({ nodes }) => nodes);
    return isLost(cell, lost, new Set(struck));
  });
  if (mustBeLost) return 'lost';
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

/** `all paths, lost: cross-node-of-target`. */
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
