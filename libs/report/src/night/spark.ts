/** Drawings of a line's height: what the last nights were, one place for each night. */
import { seconds, type NightFigure, type RowNight } from '@faultline/checker';
import { tag, type Markup } from '../markup.ts';
import { factorWords, took, VERDICTS } from './words.ts';

/** Places narrow enough for thirty nights beside words. */
const STEP = 5;
const HEIGHT = 22;
const DOT = 2.4;

/** Verdicts by height and colour: a night that failed reaches to the top, one that was skipped is a dash, an absent one is empty. */
const TALL = { fail: HEIGHT, inconclusive: HEIGHT * 0.64, pass: HEIGHT * 0.36, skip: 2 } as const;

export function verdicts(past: readonly (RowNight | null)[], nights: readonly string[]): Markup {
  const told = past.flatMap((night) => (night ? [VERDICTS[night.verdict].label] : []));
  const bars = past.map((night, index) =>
    night
      ? tag(
          'rect',
          {
            class: `v-${night.verdict}`,
            x: index * STEP,
            y: HEIGHT - TALL[night.verdict],
            width: STEP - 1,
            height: TALL[night.verdict],
          },
          tag('title', {}, `${nights[index] ?? ''}: ${VERDICTS[night.verdict].label}`),
        )
      : undefined,
  );
  const title = [...new Set(told)].map((label) => `${told.filter((one) => one === label).length} ${label}`).join(', ');
  return drawing(past.length, `the last ${told.length} nights: ${title}`, bars);
}

/** Milliseconds, from zero: twice as long is twice as high. */
export function durations(past: readonly (RowNight | null)[]): Markup {
  const values = past.map((night) => (night && night.verdict !== 'skip' ? night.durationMs : null));
  const known = values.filter((value) => value !== null);
  const most = Math.max(1, ...known);
  const title = known.length === 0 ? 'never run' : `from ${took(Math.min(...known))} to ${took(most)}`;
  return drawing(past.length, title, line(values, { low: 0, high: most }));
}

/** Measured / expected, with what is expected shaded, and where it changed. */
export function ratios({ name, past, expected, change }: NightFigure, nights: readonly string[]): Markup {
  const band = expected && { low: expected.low / expected.median, high: expected.high / expected.median };
  const known = past.filter((value) => value !== null);
  const range = {
    low: Math.min(0.8, band?.low ?? 1, ...known) * 0.97,
    high: Math.max(1.2, band?.high ?? 1, ...known) * 1.03,
  };
  const y = height(range);
  const at = change ? nights.indexOf(change.night) : -1;
  const shade =
    band &&
    tag('rect', {
      class: 'band',
      x: 0,
      y: y(band.high),
      width: past.length * STEP,
      height: y(band.low) - y(band.high),
    });
  const mark = at < 0 ? undefined : tag('line', { class: 'change', x1: at * STEP, x2: at * STEP, y1: 0, y2: HEIGHT });
  return drawing(past.length, ratioTitle({ name, past, expected, change }), [shade, ...line(past, range), mark]);
}

function ratioTitle({
  name,
  past,
  expected,
  change,
}: Pick<NightFigure, 'name' | 'past' | 'expected' | 'change'>): string {
  const known = past.filter((value) => value !== null);
  const what = expected ? `measured / expected (${seconds(expected.median)})` : 'measured / its median';
  if (known.length === 0) return `${name}: nothing measured`;
  const span = `${Math.min(...known).toFixed(2)} to ${Math.max(...known).toFixed(2)} in ${known.length} nights`;
  return `${name}: ${what} ${span}${change ? `; ${factorWords(change.factor)} since ${change.night}` : ''}`;
}

interface Range {
  readonly low: number;
  readonly high: number;
}

const height =
  ({ low, high }: Range) =>
  (value: number): number =>
    DOT + (1 - (value - low) / (high - low || 1)) * (HEIGHT - 2 * DOT);

/** Broken where nothing was measured; the last point is a dot, and so is one that stands alone. */
function line(values: readonly (number | null)[], range: Range): readonly Markup[] {
  const y = height(range);
  const stretches: (readonly [x: number, y: number])[][] = [[]];
  for (const [index, value] of values.entries()) {
    if (value === null) stretches.push([]);
    else stretches.at(-1)?.push([index * STEP + STEP / 2, y(value)]);
  }
  const last = stretches.at(-1)?.at(-1);
  const alone = stretches.filter((points) => points.length === 1).map(([point]) => point);
  const dots = new Set([...alone, last]);
  return [
    ...stretches
      .filter((points) => points.length > 1)
      .map((points) => tag('polyline', { points: points.map(([px, py]) => `${round(px)},${round(py)}`).join(' ') })),
    ...[...dots].flatMap((point) => (point ? [tag('circle', { cx: point[0], cy: point[1], r: DOT })] : [])),
  ];
}

const round = (value: number): string => value.toFixed(1);

function drawing(nights: number, title: string, content: readonly (Markup | undefined | null)[]): Markup {
  const width = Math.max(1, nights) * STEP;
  const frame = { class: 'spark', viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: 'img' };
  return tag(
    'svg',
    { ...frame, 'aria-label': title },
    tag('title', {}, title),
    ...content.map((one) => one ?? undefined),
  );
}
