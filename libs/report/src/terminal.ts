/** The picture in the terminal after a run: headline first, at most 25 lines. */
import { seconds, type Milestone, type Verdict } from '@faultline/checker';
import type { SampleClass, Stamped } from '@faultline/history';
import { axis, labelWidth, rows, type Row } from './blocks.ts';
import { fitted, oneLine } from './clean.ts';
import { picture } from './picture.ts';
import { stageLine } from './stages.ts';

export interface TerminalOptions {
  readonly events: readonly Stamped[];
  readonly verdict: Verdict;
  /** Width of the terminal; 100 unless told. */
  readonly columns?: number;
  /** Whether to colour: the caller knows the terminal and NO_COLOR. No unless told. */
  readonly colour?: boolean | undefined;
}

const MOST_LINES = 25;
/** Of the width, for the names of lanes and for their figures. */
const LABEL_SHARE = 0.25;
const FIGURE_SHARE = 0.2;
const FIGURE = 22;
/** 256-colour codes of the same palette as the report. */
const COLOURS: Readonly<Record<SampleClass, number>> = {
  ok: 72,
  timeout: 166,
  refused: 214,
  'no-route': 175,
  reset: 75,
  'http-404': 220,
  'http-502': 97,
  'http-503': 25,
  'http-504': 61,
  'wrong-answer': 245,
  other: 245,
  late: 240,
};
const OUTCOMES = { pass: 72, fail: 166, inconclusive: 214 } as const;

export function renderTerminal({ events, verdict, columns = 100, colour = false }: TerminalOptions): string {
  const paint = (code: number, text: string): string =>
    colour && text !== '' ? `\u001b[38;5;${code}m${text}\u001b[39m` : text;
  const bold = (text: string): string => (colour ? `\u001b[1m${text}\u001b[22m` : text);
  const columnsUsed = Math.max(40, Math.min(columns, 160));
  const head = [
    bold(oneLine(verdict.headline)),
    `${paint(OUTCOMES[verdict.outcome], verdict.outcome.toUpperCase())} ${oneLine(verdict.reason)}`,
    `on ${verdict.substrate} (${oneLine(verdict.substrateReason)})`,
  ].flatMap((line) => wrapped(line, columnsUsed));
  const lanes = drawn(events, verdict, columnsUsed, paint);
  const checks = verdict.checks.filter(({ outcome }) => outcome !== 'pass');
  const bad = checks.map(({ check, outcome, reason }) =>
    fitted(`${outcome} ${check}: ${reason}`, columnsUsed).trimEnd(),
  );
  // What is a stage of the failover has its place above.
  const isTold = ({ what }: Milestone): boolean => verdict.timeline.some(({ stage }) => stage === what);
  const marks = verdict.milestones
    .filter((milestone) => !isTold(milestone))
    .map(({ at, what, detail }) =>
      fitted(`${seconds(at.estimate).padStart(9)}  ${what}${detail ? ` (${detail})` : ''}`, columnsUsed).trimEnd(),
    );
  const failover = stageLine(verdict);
  const stages = failover === undefined ? [] : ['', ...wrapped(oneLine(failover), columnsUsed)];
  const room = MOST_LINES - head.length - lanes.length - stages.length - 2;
  const rest = [...bad, ...marks];
  const shown =
    rest.length <= room
      ? rest
      : [
          ...rest.slice(0, Math.max(0, room - 1)),
          `          and ${rest.length - Math.max(0, room - 1)} more, in the report`,
        ];
  return [...head, '', ...lanes, ...stages, '', ...shown].slice(0, MOST_LINES).join('\n').trimEnd();
}

function drawn(
  events: readonly Stamped[],
  verdict: Verdict,
  columns: number,
  paint: (code: number, text: string) => string,
): readonly string[] {
  const image = picture(events, verdict);
  const across = image.detail ?? image.whole;
  const named = rows(image, verdict, across, 1, 10);
  if (named.length === 0) return ['nothing was sampled'];
  const width = Math.min(labelWidth(named), Math.floor(columns * LABEL_SHARE));
  const figure = Math.min(FIGURE, Math.floor(columns * FIGURE_SHARE));
  const cells = columns - width - figure - 2;
  const line = (row: Row): string => {
    const lane = row.cells
      .map(({ character, bin }) => paint(COLOURS[bin.lost > 0 ? bin.worst : 'ok'], character))
      .join('');
    return `${fitted(row.label, width)} ${lane} ${fitted(row.figure, figure).trimEnd()}`;
  };
  return [...rows(image, verdict, across, cells, 10).map(line), `${' '.repeat(width)} ${axis(across, cells)}`];
}

/** Broken at spaces; visible length only matters for the lines that carry no colour but their first word. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
