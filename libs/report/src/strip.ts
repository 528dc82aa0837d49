/** A strip plot: every value a dot, its median and the interval of it, and the band in which theory has them. One time axis. */
import { seconds, type Distribution, type Envelope } from '@faultline/checker';
import { stepOf } from './blocks.ts';
import { CHARACTER, SMALL, WIDTH } from './frame.ts';
import { group, NOTHING, tag, type Markup } from './markup.ts';

export interface StripRow {
  readonly label: string;
  readonly values: Distribution | null;
  readonly band: Pick<Envelope, 'atLeastMs' | 'medianMs' | 'atMostMs'> | null;
  /** Beside the dots: the figure that they amount to. */
  readonly figure: string;
  /** Where something never ended, which no dot can say. */
  readonly alarm?: string | undefined;
}

const LABELS = 172;
const FIGURES = 150;
const PLOT = WIDTH - LABELS - FIGURES;
const ROW = 40;
/** Equal values stand beside each other: by their place in the sample, so that the same set gives the same picture. */
const SCATTER = [0, -8, 6, -4, 9, 3, -9, -2] as const;

export function strip(rows: readonly StripRow[], title: string): Markup {
  const most = Math.max(1000, ...rows.flatMap(({ values, band }) => [values?.most ?? 0, band?.atMostMs ?? 0]));
  const range = { from: 0, to: most * 1.05 };
  const x = (ms: number): number => LABELS + (ms / range.to) * PLOT;
  const bottom = rows.length * ROW + 6;
  const step = stepOf(range, 11);
  const ticks: Markup[] = [];
  for (let at = 0; at <= range.to; at += step) {
    const text = { class: 'soft', 'font-size': SMALL, x: x(at), y: bottom + 18, 'text-anchor': 'middle' };
    ticks.push(
      tag('line', { class: 'grid', x1: x(at), x2: x(at), y1: 4, y2: bottom + 5 }),
      tag('text', text, (at / 1000).toFixed(step < 1000 ? 1 : 0)),
    );
  }
  const left = { class: 'soft', 'font-size': SMALL, x: LABELS - 12, y: bottom + 18, 'text-anchor': 'end' };
  return tag(
    'svg',
    { class: 'timeline', viewBox: `0 0 ${WIDTH} ${bottom + 26}`, role: 'img', 'aria-label': title, 'font-size': 13 },
    tag('title', {}, title),
    ...ticks,
    tag('text', left, 'seconds'),
    ...rows.map((row, index) => rowOf(row, x, 4 + index * ROW)),
  );
}

function rowOf({ label, values, band, figure, alarm }: StripRow, x: (ms: number) => number, top: number): Markup {
  const middle = top + ROW / 2;
  const dots = (values?.values ?? []).map((ms, index) =>
    tag(
      'circle',
      { class: 'dot', cx: x(ms), cy: middle + (SCATTER[index % SCATTER.length] ?? 0), r: 4 },
      tag('title', {}, seconds(ms)),
    ),
  );
  const warning = values
    ? { class: 'alarm', x: LABELS + PLOT + 12, y: middle + 17, 'font-size': 11 }
    : { class: 'alarm', x: LABELS + PLOT / 2, y: middle + 4, 'text-anchor': 'middle' };
  return tag(
    'g',
    { 'data-strip': label },
    tag('rect', { class: 'lane-ground', x: LABELS, y: top + 3, width: PLOT, height: ROW - 6 }),
    band ? bandOf(band, x, top) : undefined,
    ...dots,
    values ? middleOf(values, x, middle) : undefined,
    tag('text', { x: LABELS - 12, y: middle + 4, 'text-anchor': 'end' }, fitting(label)),
    tag('text', { x: LABELS + PLOT + 12, y: middle + 4, 'font-weight': 600 }, figure),
    alarm === undefined ? undefined : tag('text', warning, alarm),
  );
}

function bandOf(
  { atLeastMs, medianMs, atMostMs }: NonNullable<StripRow['band']>,
  x: (ms: number) => number,
  top: number,
): Markup {
  const says = `expected ${seconds(atLeastMs)} to ${seconds(atMostMs)}, median ${seconds(medianMs)}`;
  const width = Math.max(2, x(atMostMs) - x(atLeastMs));
  return tag(
    'g',
    {},
    tag('title', {}, says),
    tag('rect', { class: 'expected', x: x(atLeastMs), y: top + 3, width, height: ROW - 6 }),
    tag('line', {
      class: 'median',
      x1: x(medianMs),
      x2: x(medianMs),
      y1: top + 3,
      y2: top + ROW - 3,
      'stroke-dasharray': '3 2',
    }),
  );
}

function middleOf({ median, interval }: Distribution, x: (ms: number) => number, middle: number): Markup {
  const arms = interval
    ? tag('line', {
        class: 'bracket',
        x1: x(interval.low),
        x2: x(interval.high),
        y1: middle,
        y2: middle,
        opacity: '.8',
      })
    : NOTHING;
  return group(arms, tag('line', { class: 'bracket', x1: x(median), x2: x(median), y1: middle - 13, y2: middle + 13 }));
}

function fitting(label: string): string {
  const most = Math.floor((LABELS - 16) / CHARACTER);
  return label.length <= most ? label : `${label.slice(0, most - 1)}…`;
}
