/** The bounds that the scenario expects, and where the measured interval falls between them. */
import { seconds, written, type Expectation, type OpenInterval, type Verdict } from '@faultline/checker';
import { group, NOTHING, tag, type Markup } from './markup.ts';
import type { Picture } from './picture.ts';
import { WIDTH } from './timeline.ts';

export function envelope({ probes }: Verdict, { main, outage }: Picture, expectations: readonly Expectation[]): Markup {
  const bars = expectations.flatMap((expectation): Markup[] => {
    if (expectation.check !== 'outage' && expectation.check !== 'loss-share') return [];
    const { probe } = expectation;
    if (expectation.check === 'outage')
      return [bar(`outage, ${probe}`, expectation, main?.probe === probe ? outage?.duration : undefined)];
    const took = probes.find((measure) => measure.probe === probe)?.failover ?? undefined;
    return [bar(`losing requests from the fault on, ${probe}`, expectation, took)];
  });
  return bars.length === 0 ? NOTHING : group(tag('h2', {}, 'Expected, and measured'), ...bars);
}

interface Bounds {
  readonly atLeastMs: number;
  readonly atMostMs: number;
}

function bar(label: string, { atLeastMs, atMostMs }: Bounds, seen: OpenInterval | undefined): Markup {
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
    seen ? measured(seen) : undefined,
    tag('text', { class: 'soft', x: 0, y: 76 }, '0'),
    tag('text', { class: 'soft', x: x((atLeastMs + atMostMs) / 2), y: 76, 'text-anchor': 'middle' }, expected),
  );
}
