/** Lanes in characters: for terminals and for code blocks. */
import { isOneOutage, percent, seconds, type Verdict } from '@faultline/checker';
import { fitted } from './clean.ts';
import type { Bin, Lane, Picture, Range } from './picture.ts';

/** The height is the share that was good; where nothing was, the letter says what clients saw instead. */
const HEIGHTS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const LETTERS: Readonly<Record<string, string>> = {
  timeout: '·',
  refused: 'r',
  'no-route': 'n',
  reset: 'x',
  'http-404': '4',
  'http-502': '2',
  'http-503': '3',
  'http-504': '5',
  'wrong-answer': 'w',
  other: '?',
  late: '~',
};
export const LEGEND = '█ good  ▄ half lost  · timeout  r refused  x reset  n no route  2/3/4/5 HTTP 502/503/404/504';

export function block({ sent, lost, worst }: Bin): string {
  if (sent === 0) return ' ';
  if (lost === sent) return LETTERS[worst] ?? '?';
  return HEIGHTS[Math.round((1 - lost / sent) * (HEIGHTS.length - 1))] ?? '█';
}

export interface Row {
  readonly label: string;
  readonly cells: readonly { readonly character: string; readonly bin: Bin }[];
  readonly figure: string;
}

/** One row per lane; the pairs of pods that lost nothing are one line's worth of news, and left out beyond `most`. */
export function rows({ lanes }: Picture, verdict: Verdict, range: Range, width: number, most = 14): readonly Row[] {
  const shown =
    lanes.length <= most ? lanes : lanes.filter((lane) => lane.layer !== 'pod' || hasLost(lane)).slice(0, most);
  return shown.map((lane) => ({
    label: lane.name,
    cells: filled(lane.bins(range.from, range.to, width)).map((bin) => ({ character: block(bin), bin })),
    figure: figureOf(lane, verdict),
  }));
}

/** Between two samples of a slow probe nothing is known to have changed: up to three empty cells show the one before. */
function filled(bins: readonly Bin[]): readonly Bin[] {
  return bins.map((bin, index) => {
    const before = bins.slice(Math.max(0, index - 3), index + 1).findLast(({ sent }) => sent > 0);
    const isBetween = bins.slice(index, index + 4).some(({ sent }) => sent > 0);
    return bin.sent === 0 && isBetween ? (before ?? bin) : bin;
  });
}

function hasLost({ measure }: Lane): boolean {
  return measure?.windows.some(({ window, lost }) => window === 'during' && lost > 0) ?? false;
}

/** What one lane lost through the fault: `3.12 s`, `33 % for 55.0 s`, `no loss`. */
export function figureOf({ measure }: Lane, { faults }: Verdict): string {
  if (!measure || faults.length === 0) return '';
  const { struck, worst } = measure;
  if (!struck) return 'no loss';
  const isOne = isOneOutage(measure);
  const { duration } = (isOne && worst) || struck;
  const lasting = duration.high === null ? `≥ ${seconds(duration.low)}` : seconds(duration.estimate);
  return isOne ? lasting : `${percent(struck.share)} for ${lasting}`;
}

/** The axis under the lanes: seconds from the fault in force, `0 fault` where it was. */
export function axis(range: Range, width: number): string {
  const line = Array.from({ length: width }, () => ' ');
  const put = (at: number, text: string): void => {
    const place = Math.round(((at - range.from) / (range.to - range.from)) * width);
    const begin = Math.max(0, Math.min(width - text.length, place));
    if (line.slice(Math.max(0, begin - 1), begin + text.length + 1).some((character) => character !== ' ')) return;
    [...text].forEach((character, index) => (line[begin + index] = character));
  };
  put(0, '│0 fault');
  const step = stepOf(range, Math.max(2, Math.floor(width / 14)));
  for (let at = Math.ceil(range.from / step) * step; at <= range.to; at += step) if (at !== 0) put(at, `│${at / 1000}`);
  return line.join('').trimEnd();
}

/** A round number of milliseconds that divides the range into about as many. */
export function stepOf({ from, to }: Range, parts: number): number {
  const rough = (to - from) / parts;
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
}

export function labelWidth(all: readonly Row[]): number {
  return Math.min(24, Math.max(4, ...all.map(({ label }) => label.length)));
}

export function plainRow({ label, cells, figure }: Row, width: number): string {
  return `${fitted(label, width)} ${cells.map(({ character }) => character).join('')} ${figure}`.trimEnd();
}
