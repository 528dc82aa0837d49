/**
 * The two clocks of a failover: the address is back in seconds, the service behind it when Kubernetes has noticed. One row
 * for each run, two bars on one axis.
 */
import { isOneOutage, percent, seconds, written, type Part, type Verdict } from '@faultline/checker';
import type { SampleClass } from '@faultline/history';
import { stepOf } from './blocks.ts';
import { fitted } from './clean.ts';
import { zeroFault } from './faults.ts';
import { SMALL, WIDTH } from './frame.ts';
import { group, NOTHING, tag, type Markup } from './markup.ts';
import { stretches } from './owner.ts';
import { page } from './page.ts';
import { ICMP_LIMIT, mixedRefusals } from './refused.ts';
import { CLASSES } from './style.ts';

export interface LabelledRun {
  readonly label: string;
  readonly verdict: Verdict;
}

/** Milliseconds from the fault in force. */
interface Clock {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly says: string;
  readonly parts: readonly Pick<Part, 'result' | 'begin' | 'end' | 'byClass' | 'lost'>[];
}

const LABELS = 260;
/** Of it, for the names of the two clocks. */
const NAMES = 62;
const FIGURES = 210;
const PLOT = WIDTH - LABELS - FIGURES;
const BAR = 18;
const ROW = 62;

export function renderClocksHtml(runs: readonly LabelledRun[]): string {
  const body = tag(
    'main',
    { 'data-runs': runs.length },
    tag('header', {}, tag('h1', {}, 'Two clocks: the address, and the service behind it')),
    clocksFigure(runs),
    ...runs.map(({ label, verdict }) =>
      tag('p', { class: 'reason' }, tag('b', {}, `${label}: `), verdict.headline, countsOf(serviceClock(verdict))),
    ),
    tag('h2', {}, 'Do it again'),
    ...runs.map(({ verdict }) => tag('pre', { class: 'command' }, verdict.command)),
  );
  return page('Two clocks', body);
}

/** The figure alone: SVG with its legend and footnotes, for a page with the style of `page`. */
export function clocksFigure(runs: readonly LabelledRun[]): Markup {
  const all = runs.map(({ label, verdict }) => ({ label, clocks: [addressClock(verdict), serviceClock(verdict)] }));
  const most = Math.max(1000, ...all.flatMap(({ clocks }) => clocks.map(({ to }) => to)));
  const range = { from: 0, to: most * 1.02 };
  const x = (ms: number): number => LABELS + (Math.max(0, ms) / range.to) * PLOT;
  const height = all.length * ROW + 34;
  const title = 'The two clocks';
  return tag(
    'figure',
    {},
    tag(
      'figcaption',
      {},
      'Seconds from the fault in force. Upper bar: nobody answered for the address. Lower: clients without service, by what they saw.',
    ),
    tag(
      'svg',
      { class: 'timeline', viewBox: `0 0 ${WIDTH} ${height}`, role: 'img', 'aria-label': title, 'font-size': 12.5 },
      tag('title', {}, title),
      axis(range, x, all.length * ROW + 4),
      ...all.map(({ label, clocks }, index) => rowOf(label, clocks, x, index * ROW + 6)),
    ),
    legend(all.flatMap(({ clocks }) => clocks)),
    footnote(runs),
  );
}

/** By who-has: the longest time in which nobody answered; where nobody asked, by what the arp probe lost. */
function addressClock(verdict: Verdict): Clock {
  const shift = zeroFault(verdict)?.inForce ?? 0;
  const asked = stretches(verdict, shift).filter(({ to }) => to > 0);
  const silent = asked
    .filter(({ owners }) => owners.length === 0)
    .toSorted((a, b) => b.to - b.from - (a.to - a.from))[0];
  const name = 'address';
  if (silent) {
    const isOpen = silent === asked.at(-1);
    const length = silent.to - silent.from;
    const says = isOpen ? `nobody, at least ${seconds(length)}` : `nobody for ${seconds(length)}`;
    return { name, from: silent.from, to: silent.to, says, parts: [whole('other', silent, 0)] };
  }
  if (asked.length > 0) return { name, from: 0, to: 0, says: 'answered all the time', parts: [] };
  const probe = verdict.probes.find(({ layer }) => layer === 'arp')?.worst;
  if (!probe)
    return {
      name,
      from: 0,
      to: 0,
      says: verdict.probes.some(({ layer }) => layer === 'arp') ? 'answered all the time' : 'not asked',
      parts: [],
    };
  const [from, to] = [probe.begin - shift, probe.begin + probe.duration.estimate - shift];
  return {
    name,
    from,
    to,
    says: `out for ${written(probe.duration)}`,
    parts: [whole('other', { from, to }, probe.lost)],
  };
}

/** What clients on new connections went through: split where the class changes. */
function serviceClock(verdict: Verdict): Clock {
  const shift = zeroFault(verdict)?.inForce ?? 0;
  const probe = verdict.probes.find((one) => one.probe === 'edge-http-new');
  const name = 'service';
  const { struck, worst } = probe ?? { struck: null, worst: null };
  if (!struck || !worst) return { name, from: 0, to: 0, says: probe ? 'no loss' : 'not asked', parts: [] };
  const isTotal = isOneOutage({ struck, worst });
  const shown = isTotal ? worst : struck;
  const [from, to] = [shown.begin - shift, shown.begin + shown.duration.estimate - shift];
  const says = isTotal
    ? `out for ${written(worst.duration)}`
    : `${percent(struck.share)} lost for ${written(struck.duration)}`;
  const parts = isTotal
    ? worst.parts.map((part, index) => ({
        ...part,
        begin: part.begin - shift,
        // Between the last sample of a stretch and the first of the next one nothing else was seen.
        end: index + 1 < worst.parts.length ? (worst.parts[index + 1]?.begin ?? part.end) - shift : to,
      }))
    : [{ ...whole('timeout', { from, to }, struck.lost), byClass: struck.byClass }];
  return { name, from, to, says, parts };
}

const whole = (
  result: SampleClass,
  { from, to }: { from: number; to: number },
  lost: number,
): Clock['parts'][number] => ({
  result,
  begin: from,
  end: to,
  lost,
  byClass: {},
});

/** ` New connections: timeout 5057, refused 299.` */
function countsOf({ parts }: Clock): string {
  const counts = new Map<string, number>();
  for (const part of parts)
    for (const [result, count] of Object.entries(part.byClass)) counts.set(result, (counts.get(result) ?? 0) + count);
  const told = [...counts].map(([result, count]) => `${CLASSES[result as SampleClass].label} ${count}`);
  return told.length === 0 ? '' : ` New connections: ${told.join(', ')}.`;
}

function rowOf(label: string, clocks: readonly Clock[], x: (ms: number) => number, top: number): Markup {
  return tag(
    'g',
    { 'data-clock': label },
    tag('text', { x: 0, y: top + 24, 'font-weight': 650 }, fitted(label, Math.floor((LABELS - NAMES) / 7.4)).trimEnd()),
    ...clocks.map((clock, index) => barOf(clock, x, top + index * (BAR + 6))),
  );
}

function barOf({ name, says, parts }: Clock, x: (ms: number) => number, top: number): Markup {
  const drawn = parts.flatMap((part) => {
    const box = { x: x(part.begin), width: Math.max(2, x(part.end) - x(part.begin)) };
    const look = name === 'address' ? 'measured' : `c-${part.result}`;
    const { [part.result]: own = 0, ...others } = part.byClass as Readonly<Record<string, number>>;
    const [second] = Object.entries(others).toSorted(([, a], [, b]) => b - a);
    const counts = Object.entries(part.byClass).map(
      ([result, count]) => `${CLASSES[result as SampleClass].label} ${count}`,
    );
    // What alternates with the class seen most stands on the ground of it, as high as its share.
    const share = second ? Math.max(2, (BAR * second[1]) / (own + second[1])) : 0;
    return [
      tag(
        'rect',
        { class: look, ...box, y: top, height: BAR },
        tag('title', {}, `${seconds(part.begin)} to ${seconds(part.end)}: ${counts.join(', ')}`),
      ),
      second ? tag('rect', { class: `c-${second[0]}`, ...box, y: top + BAR - share, height: share }) : NOTHING,
    ];
  });
  return group(
    tag('rect', { class: 'lane-ground', x: LABELS, y: top, width: PLOT, height: BAR }),
    ...drawn,
    tag('text', { class: 'soft', x: LABELS - 10, y: top + 13, 'text-anchor': 'end', 'font-size': SMALL }, name),
    tag('text', { x: LABELS + PLOT + 10, y: top + 13, 'font-weight': 600 }, says),
  );
}

function axis(range: { from: number; to: number }, x: (ms: number) => number, bottom: number): Markup {
  const step = stepOf(range, 10);
  const ticks: Markup[] = [];
  for (let at = 0; at <= range.to; at += step) {
    ticks.push(
      tag('line', { class: 'grid', x1: x(at), x2: x(at), y1: 2, y2: bottom }),
      tag(
        'text',
        { class: 'soft', 'font-size': SMALL, x: x(at), y: bottom + 16, 'text-anchor': 'middle' },
        (at / 1000).toFixed(step < 1000 ? 1 : 0),
      ),
    );
  }
  return group(...ticks);
}

function legend(clocks: readonly Clock[]): Markup {
  const service = clocks.filter(({ name }) => name === 'service');
  const seen = new Set(
    service.flatMap(({ parts }) => parts.flatMap(({ result, byClass }) => [result, ...Object.keys(byClass)])),
  );
  const shown = Object.entries(CLASSES).filter(([result]) => seen.has(result));
  return tag(
    'ul',
    { class: 'legend' },
    tag('li', {}, tag('i', { class: 'who' }), 'nobody answers for the address'),
    ...shown.map(([result, { label }]) => tag('li', {}, tag('i', { class: `c-${result}` }), label)),
  );
}

function footnote(runs: readonly LabelledRun[]): Markup {
  const mixed = runs.flatMap(({ label, verdict: { probes } }) =>
    mixedRefusals(probes.filter(({ probe }) => probe === 'edge-http-new')).map((text) => `${label}: ${text}`),
  );
  return mixed.length === 0 ? NOTHING : tag('p', { class: 'note' }, `${ICMP_LIMIT} ${mixed.join('; ')}.`);
}
