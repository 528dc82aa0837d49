/** The bounds that the scenario expects, and where the measured interval falls between them. */
import { seconds, written, type Expectation, type OpenInterval, type Verdict } from '@faultline/checker';
import { group, NOTHING, tag, type Markup } from './markup.ts';
import type { Picture } from './picture.ts';
import { BAR, LABELS, LANE, PLOT, WIDTH, type Frame, type Piece } from './frame.ts';

export function envelope(verdict: Verdict, { main, outage }: Picture, expectations: readonly Expectation[]): Markup {
  const { probes, envelope: promised } = verdict;
  const outageOf = (probe: string): OpenInterval | undefined =>
    main?.probe === probe
      ? outage?.duration
      : (probes.find((one) => one.probe === probe)?.worst?.duration ?? undefined);
  const bars = expectations.flatMap((expectation): Markup[] => {
    switch (expectation.check) {
      case 'outage':
        return [bar(`outage, ${expectation.probe}`, expectation, outageOf(expectation.probe))];
      case 'failover':
        return [promise(expectation.probe, expectation, outageOf(expectation.probe))];
      case 'loss-share': {
        const took = probes.find(({ probe }) => probe === expectation.probe)?.failover ?? undefined;
        return [bar(`losing requests from the fault on, ${expectation.probe}`, expectation, took)];
      }
      default:
        return [];
    }
  });
  // The verdict carries it also where the plan is not at hand.
  const isDrawn = expectations.some(({ check }) => check === 'failover');
  if (promised && main && !isDrawn) bars.push(promise(main.probe, promised, outage?.duration));
  return bars.length === 0 ? NOTHING : group(tag('h2', {}, 'Expected, and measured'), ...bars);
}

type Promised = NonNullable<Verdict['envelope']>;

/** What the load balancer's own settings promise, and the sentence that holds the outage against it. */
function promise(probe: string, promised: Promised, seen: OpenInterval | undefined): Markup {
  return group(
    bar(`failover, ${probe}`, promised, seen, promised.medianMs),
    tag('p', { class: 'note' }, `${against(promised, seen)} Formula: ${promised.formula}`),
  );
}

/** `Measured 5.54 s, expected 5.00 s to 7.00 s, median 6.00 s: measured / expected = 0.92.` */
export function against({ atLeastMs, medianMs, atMostMs }: Promised, seen: OpenInterval | undefined): string {
  const expected = `expected ${seconds(atLeastMs)} to ${seconds(atMostMs)}, median ${seconds(medianMs)}`;
  if (!seen) return `No outage was measured; ${expected}.`;
  const ratio = seen.high === null ? '' : `: measured / expected = ${(seen.estimate / medianMs).toFixed(2)}`;
  return `Measured ${written(seen)}, ${expected}${ratio}.`;
}

interface Bounds {
  readonly atLeastMs: number;
  readonly atMostMs: number;
}

function bar(
  label: string,
  { atLeastMs, atMostMs }: Bounds,
  seen: OpenInterval | undefined,
  medianMs?: number,
): Markup {
  const end = Math.max(atMostMs, seen?.high ?? seen?.estimate ?? 0) * 1.2;
  const x = (ms: number): number => (ms / end) * WIDTH;
  const expected = `expected ${seconds(atLeastMs)} to ${seconds(atMostMs)}`;
  const title = `${label}: ${expected}, ${seen ? `measured ${written(seen)}` : 'nothing measured'}`;
  const measured = (interval: OpenInterval): Markup => {
    const to = x(interval.high ?? interval.estimate);
    return group(
      tag('rect', {
        class: 'measured',
        x: x(interval.low),
        y: 38,
        width: Math.max(2, to - x(interval.low)),
        height: 22,
      }),
      tag('line', { class: 'bracket', x1: x(interval.estimate), x2: x(interval.estimate), y1: 33, y2: 65 }),
      tag('text', { x: x(interval.estimate), y: 27, 'text-anchor': 'middle', 'font-weight': 700 }, written(interval)),
    );
  };
  return tag(
    'svg',
    { class: 'timeline', viewBox: `0 0 ${WIDTH} 88`, role: 'img', 'aria-label': title, 'font-size': 12.5 },
    tag('title', {}, title),
    tag('text', { x: 0, y: 14 }, label),
    tag('rect', { class: 'lane-ground', x: 0, y: 41, width: WIDTH, height: 16 }),
    tag('rect', { class: 'c-ok', x: x(atLeastMs), y: 41, width: Math.max(2, x(atMostMs) - x(atLeastMs)), height: 16 }),
    medianMs === undefined
      ? undefined
      : tag('line', { class: 'median', x1: x(medianMs), x2: x(medianMs), y1: 41, y2: 57 }),
    seen ? measured(seen) : undefined,
    tag('text', { class: 'soft', x: 0, y: 76 }, '0'),
    tag('text', { class: 'soft', x: x((atLeastMs + atMostMs) / 2), y: 76, 'text-anchor': 'middle' }, expected),
  );
}

/** When the load balancer's own settings let service come back: a band from the fault on, and its median. */
export function expectedBand({ expected }: Picture, { range, x, top }: Frame): Piece {
  if (!expected) return { svg: NOTHING, height: 0 };
  const at = (time: number): number => x(Math.min(range.to, Math.max(range.from, time)));
  const { atLeastMs, medianMs, atMostMs, formula } = expected;
  const [left, right] = [at(atLeastMs), at(atMostMs)];
  const svg = tag(
    'g',
    { 'data-lane': 'expected' },
    tag(
      'title',
      {},
      `service is expected back ${seconds(atLeastMs)} to ${seconds(atMostMs)} after the fault: ${formula}`,
    ),
    tag('rect', { class: 'expected', x: left, y: top + 4, width: Math.max(2, right - left), height: BAR - 4, rx: 2 }),
    tag('line', { class: 'bracket', x1: at(medianMs), x2: at(medianMs), y1: top + 2, y2: top + BAR + 2 }),
    tag('text', { x: LABELS - 10, y: top + 14, 'text-anchor': 'end' }, 'expected back'),
    tag(
      'text',
      { x: LABELS + PLOT + 10, y: top + 14, 'font-weight': 600 },
      `${bare(atLeastMs)} to ${seconds(atMostMs)}`,
    ),
  );
  return { svg, height: LANE };
}

const bare = (ms: number): string => seconds(ms).replace(' s', '');
