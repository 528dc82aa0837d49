/** Who reaches whom: every ordered pair of nodes on every path, the sweeps of the run side by side. */
import { sweepsOf, type Expectation, type JudgedCell, type JudgedSweep, type Reach } from '@faultline/checker';
import { REACH_PATHS, type ReachPath, type Stamped } from '@faultline/history';
import { code, fitted, markdown } from './clean.ts';
import { NOTHING, tag, type Markup } from './markup.ts';
import { section } from './table.ts';

/** More pairs than this do not fit a page: then those that were whole all the time are left out, and counted. */
const MOST_ROWS = 25;

const SIGNS: Readonly<Record<Reach, string>> = { whole: '✓', lost: '✗', some: '~', unknown: '?' };
const CLASSES: Readonly<Record<Reach, string>> = { whole: 'reached', lost: 'cut', some: 'some', unknown: 'unknown' };
const LEGEND = '✓ answers came, ✗ none did, ~ too few did, ? nobody could ask';

interface Grid {
  readonly sweeps: readonly JudgedSweep[];
  readonly paths: readonly ReachPath[];
  readonly rows: readonly Row[];
  readonly leftOut: number;
}

interface Row {
  /** `server-0 → agent-1`. */
  readonly pair: string;
  /** By path, then by sweep. */
  readonly cells: readonly (readonly (JudgedCell | undefined)[])[];
}

function gridOf(events: readonly Stamped[], expectations: readonly Expectation[]): Grid | undefined {
  const sweeps = sweepsOf(events, expectations);
  const asked = sweeps.flatMap(({ cells }) => cells);
  if (asked.length === 0) return undefined;
  const paths = REACH_PATHS.filter((path) => asked.some((cell) => cell.path === path));
  // Looked up by key: a large cluster has hundreds of pairs.
  const byKey = sweeps.map(({ cells }) => new Map(cells.map((cell) => [`${cell.path} ${pairOf(cell)}`, cell])));
  const rows = [...new Set(asked.map(pairOf))].map((pair): Row => {
    return { pair, cells: paths.map((path) => byKey.map((cells) => cells.get(`${path} ${pair}`))) };
  });
  const shown = rows.length <= MOST_ROWS ? rows : rows.filter(({ cells }) => cells.flat().some(isNews));
  return { sweeps, paths, rows: shown, leftOut: rows.length - shown.length };
}

const pairOf = ({ from, to }: JudgedCell): string => `${from} → ${to}`;
const isNews = (cell: JudgedCell | undefined): boolean => cell !== undefined && cell.reach !== 'whole';
const isWrong = ({ reach, due }: JudgedCell): boolean => due !== undefined && due !== reach;

/** In which order the signs of a cell stand, what they are, and what was seen of addresses. */
function legend({ sweeps, leftOut }: Grid): string {
  const between = sweeps.flatMap(({ cells }) => cells).filter(({ path }) => path === 'pod-pod');
  const [kept, translated] = [true, false].map((is) => between.filter(({ sourceKept }) => sourceKept === is).length);
  const seen = `Between pods the source address was kept in ${kept} cells and translated in ${translated}.`;
  const missing = leftOut > 0 ? ` ${leftOut} pairs that were whole in every sweep are left out.` : '';
  return `In each cell, in this order: ${sweeps.map(({ when }) => when).join(', ')}. ${LEGEND}. ${seen}${missing}`;
}

/** @param expectations those of the plan: what is otherwise than they say is framed. */
export function reachability(events: readonly Stamped[], expectations: readonly Expectation[] = []): Markup {
  const grid = gridOf(events, expectations);
  if (!grid) return NOTHING;
  const head = ['from → to', ...grid.paths].map((text) => tag('th', { scope: 'col' }, text));
  const rows = grid.rows.map(({ pair, cells }) =>
    tag(
      'tr',
      {},
      tag('th', { scope: 'row' }, pair),
      ...cells.map((each) => tag('td', {}, ...each.map((cell, index) => sign(cell, grid.sweeps[index]?.when)))),
    ),
  );
  const matrix = tag('table', { class: 'matrix sweep' }, tag('tr', {}, ...head), ...rows);
  return section(
    'Who reaches whom',
    `${legend(grid)} Framed: otherwise than declared.`,
    tag('div', { class: 'scroll' }, matrix),
  );
}

function sign(cell: JudgedCell | undefined, when = ''): Markup {
  if (!cell) return tag('i', {}, ' ');
  const { asked, lost, detail, reach } = cell;
  const title = `${when}: ${asked - lost} of ${asked} answered${detail === '' ? '' : `, ${detail}`}`;
  return tag('i', { class: `${CLASSES[reach]}${isWrong(cell) ? ' wrong' : ''}`, title }, SIGNS[reach]);
}

/** The same in characters; nothing where nobody swept. */
export function sweepLines(events: readonly Stamped[]): readonly string[] {
  const grid = gridOf(events, []);
  if (!grid) return [];
  const [first, ...others] = ['from → to', ...grid.paths];
  const wide = Math.max(...grid.rows.map(({ pair }) => pair.length), (first ?? '').length);
  const line = (pair: string, cells: readonly string[]): string =>
    [fitted(pair, wide), ...cells.map((text, index) => fitted(text, (others[index] ?? '').length))]
      .join('  ')
      .trimEnd();
  const rows = grid.rows.map(({ pair, cells }) =>
    line(
      pair,
      cells.map((each) => each.map((cell) => (cell ? SIGNS[cell.reach] : ' ')).join('')),
    ),
  );
  return [
    `Who reaches whom. ${markdown(legend(grid))}`,
    '',
    ...code([line(first ?? '', others), ...rows].join('\n')),
    '',
  ];
}
