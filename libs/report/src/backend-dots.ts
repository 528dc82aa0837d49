/** Every repeat a dot, one row for each path and backend, one axis for all: of any quantity. */
import type { Distribution } from '@faultline/checker';
import { figure } from './backend-comparison.ts';
import { stepOf } from './blocks.ts';
import { SMALL, WIDTH } from './frame.ts';
import { tag, type Markup } from './markup.ts';

export interface DotRow {
  /** Of the first of several rows that belong together. */
  readonly group: string;
  readonly label: string;
  readonly values: Distribution;
}

const LABELS = 430;
const FIGURES = 90;
const PLOT = WIDTH - LABELS - FIGURES;
const ROW = 28;
/** Equal values stand beside each other: by their place in the sample, so that the same values give the same picture. */
const SCATTER = [0, -6, 4, -3, 6, 2, -5, -1] as const;
const TICKS = 8;

export function dots(
  rows: readonly DotRow[],
  { title, unit }: { readonly title: string; readonly unit: string },
): Markup {
  const most = Math.max(...rows.map(({ values }) => values.most)) * 1.05;
  const x = (value: number): number => LABELS + (value / most) * PLOT;
  const bottom = rows.length * ROW + 6;
  const step = stepOf({ from: 0, to: most }, TICKS);
  const ticks = Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => index * step).flatMap((at) => [
    tag('line', { class: 'grid', x1: x(at), x2: x(at), y1: 4, y2: bottom + 5 }),
    tag(
      'text',
      { class: 'soft', 'font-size': SMALL, x: x(at), y: bottom + 18, 'text-anchor': 'middle' },
      String(Number(at.toPrecision(6))),
    ),
  ]);
  return tag(
    'svg',
    { class: 'timeline', viewBox: `0 0 ${WIDTH} ${bottom + 26}`, role: 'img', 'aria-label': title, 'font-size': 13 },
    tag('title', {}, title),
    ...ticks,
    tag('text', { class: 'soft', 'font-size': SMALL, x: LABELS - 12, y: bottom + 18, 'text-anchor': 'end' }, unit),
    ...rows.map((row, index) => rowOf(row, x, 4 + index * ROW)),
  );
}

function rowOf({ group, label, values }: DotRow, x: (value: number) => number, top: number): Markup {
  const middle = top + ROW / 2;
  const { median, interval } = values;
  return tag(
    'g',
    { 'data-dots': `${group} ${label}`.trim() },
    tag('rect', { class: 'lane-ground', x: LABELS, y: top + 2, width: PLOT, height: ROW - 4 }),
    ...values.values.map((value, index) =>
      tag(
        'circle',
        { class: 'dot', cx: x(value), cy: middle + (SCATTER[index % SCATTER.length] ?? 0), r: 3.5 },
        tag('title', {}, figure(value)),
      ),
    ),
    interval
      ? tag('line', {
          class: 'bracket',
          x1: x(interval.low),
          x2: x(interval.high),
          y1: middle,
          y2: middle,
          opacity: '.8',
        })
      : undefined,
    tag('line', { class: 'bracket', x1: x(median), x2: x(median), y1: middle - 9, y2: middle + 9 }),
    group === '' ? undefined : tag('text', { x: 0, y: middle + 4, 'font-weight': 600 }, group),
    tag('text', { x: LABELS - 12, y: middle + 4, 'text-anchor': 'end' }, label),
    tag('text', { x: LABELS + PLOT + 12, y: middle + 4, 'font-weight': 600 }, figure(median)),
  );
}
