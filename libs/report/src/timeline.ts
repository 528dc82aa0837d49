/** The timeline as inline SVG: one lane per probe, the fault shaded, the outage in a bracket with its duration. */
import { isOneOutage, percent, seconds, written, type Verdict } from '@faultline/checker';
import { figureOf, stepOf } from './blocks.ts';
import { fitted } from './clean.ts';
import { BAR, CHARACTER, LABELS, LANE, PLOT, SMALL, WIDTH, type Frame, type Piece } from './frame.ts';
import { group, NOTHING, tag, type Markup } from './markup.ts';
import type { Bin, Lane, Mark, Picture, Range } from './picture.ts';
import { expectedBand } from './envelope.ts';
import { stretchLanes, ticksOf } from './stretch-lane.ts';
import { CLASSES } from './style.ts';

const BINS = 280;

export interface TimelineOptions {
  readonly image: Picture;
  readonly verdict: Verdict;
  readonly range: Range;
  readonly lanes: readonly Lane[];
  readonly title: string;
  readonly marks: readonly Mark[];
  /** Drawn as a frame: the range of the other timeline. */
  readonly detail: Range | null;
}

export function timeline({ image, verdict, range, lanes, title, marks, detail }: TimelineOptions): Markup {
  const x = (at: number): number => LABELS + ((at - range.from) / (range.to - range.from)) * PLOT;
  const above = bracket(image, range, x);
  const start: Frame = { range, x, top: above.height, bottom: above.height };
  const band = expectedBand(image, start);
  const owners = stretchLanes(image, start, above.height + band.height, title);
  const first = above.height + band.height + owners.height;
  const frame: Frame = { ...start, bottom: first + lanes.length * LANE };
  const scale = axis(frame, image.zeroName);
  const visible = marks.filter(
    ({ at, label }) => at >= range.from && at <= range.to && !/^fault\S* in force/.test(label),
  );
  const below = markRows(visible, frame, frame.bottom + scale.height);
  const height = Math.ceil(frame.bottom + scale.height + below.height);
  return tag(
    'svg',
    { class: 'timeline', viewBox: `0 0 ${WIDTH} ${height}`, role: 'img', 'aria-label': title, 'font-size': 12.5 },
    tag('title', {}, title),
    tag('desc', {}, verdict.headline),
    shade(image, frame),
    band.svg,
    owners.svg,
    ...lanes.map((lane, index) => laneOf(lane, verdict, frame, first + index * LANE)),
    ...lanes.map((lane, index) => ticksOf(lane, image, frame, first + index * LANE)),
    faultLines(image, frame),
    detail
      ? tag('rect', {
          class: 'window',
          x: x(detail.from),
          y: frame.top - 3,
          width: x(detail.to) - x(detail.from),
          height: frame.bottom - frame.top + 3,
        })
      : NOTHING,
    scale.svg,
    below.svg,
    above.svg,
  );
}

/** Bins of the same look are one rectangle; what was good is the ground, what was lost stands on it by its share. */
function laneOf(lane: Lane, verdict: Verdict, { range, x }: Frame, top: number): Markup {
  const parts: Markup[] = [];
  const bins = lane.bins(range.from, range.to, BINS);
  for (let begin = 0; begin < bins.length;) {
    const first = bins[begin] as Bin;
    const end = endOfLook(bins, begin);
    // Bins between two samples of a slow probe are empty, and no gap.
    const next = first.sent === 0 ? end : nextSampled(bins, end);
    if (first.sent > 0) parts.push(...blocks(first, x(first.from), x(bins[next]?.from ?? range.to), top + 2));
    begin = next;
  }
  return tag(
    'g',
    { 'data-lane': lane.name },
    tag('title', {}, `${lane.name}: ${lane.what}`),
    tag('rect', { class: 'lane-ground', x: LABELS, y: top + 2, width: PLOT, height: BAR }),
    ...parts,
    tag('text', { x: LABELS - 10, y: top + 14, 'text-anchor': 'end' }, lane.name.replace(/^edge-/, '')),
    tag('text', { x: LABELS + PLOT + 10, y: top + 14, 'font-weight': 600 }, figureOf(lane, verdict)),
  );
}

/** The share lost, in steps that the eye can tell apart. */
const STEPS = 6;
const stepOfLoss = ({ sent, lost }: Bin): number => (sent === 0 ? -1 : Math.ceil((lost / sent) * STEPS));

function endOfLook(bins: readonly Bin[], begin: number): number {
  const first = bins[begin] as Bin;
  const isSame = (bin: Bin): boolean => bin.worst === first.worst && stepOfLoss(bin) === stepOfLoss(first);
  let end = begin + 1;
  while (end < bins.length && isSame(bins[end] as Bin)) end++;
  return end;
}

/** The next bin with a sample, if it is near: a longer silence is shown as one. */
function nextSampled(bins: readonly Bin[], from: number): number {
  for (let index = from; index < Math.min(bins.length, from + 12); index++)
    if ((bins[index]?.sent ?? 0) > 0) return index;
  return from;
}

function blocks(bin: Bin, left: number, right: number, top: number): readonly Markup[] {
  const step = stepOfLoss(bin);
  const rect = (result: string, height: number): Markup =>
    tag('rect', { class: `c-${result}`, x: left, y: top + BAR - height, width: right - left, height });
  return [...(step < STEPS ? [rect('ok', BAR)] : []), ...(step > 0 ? [rect(bin.worst, (BAR * step) / STEPS)] : [])];
}

/** Dark while it was becoming active, lighter while it was in force; darker where one is in force within another. */
function shade({ faults, whole }: Picture, { range, x, top, bottom }: Frame): Markup {
  const at = (time: number): number => x(Math.min(range.to, Math.max(range.from, time)));
  const strip = (name: string, from: number, to: number, least: number): Markup =>
    tag('rect', { class: name, x: from, y: top - 3, width: Math.max(least, to - from), height: bottom - top + 3 });
  return group(
    ...faults.flatMap(({ begin, inForce, healed }) => [
      strip('fault', at(inForce), at(healed ?? whole.to), 0),
      strip('becoming', at(begin), at(inForce), 1),
    ]),
  );
}

/** In force: a line from the top through every lane. Healed: a dashed one. */
function faultLines({ faults }: Picture, { range, x, top, bottom }: Frame): Markup {
  const line = (at: number, y1: number, dash?: string): Markup =>
    tag('line', { class: 'fault-line', x1: x(at), x2: x(at), y1, y2: bottom, 'stroke-dasharray': dash });
  const isShown = (at: number): boolean => at >= range.from && at < range.to;
  return group(
    ...faults.flatMap(({ inForce, healed }, row) => [
      isShown(inForce) ? line(inForce, 3 + row * ROW) : undefined,
      healed !== null && isShown(healed) ? line(healed, top - 3, '4 3') : undefined,
    ]),
  );
}

/** Names of several faults stand on rows of their own. */
const ROW = 16;

/** What each fault was, where it came into force, or at the left where it was in force by then. */
function faultNames({ faults }: Picture, range: Range, x: Frame['x']): readonly Markup[] {
  return faults.map(({ inForce, healed, label }, row) => {
    if (inForce >= range.to || (healed ?? range.to) <= range.from) return NOTHING;
    const at = x(Math.max(range.from, inForce));
    const side = at > WIDTH - 320 ? { x: at - 6, 'text-anchor': 'end' } : { x: at + 6 };
    return tag('text', { class: 'fault-text halo', y: 13 + row * ROW, ...side }, label);
  });
}

/** Above the lanes: what the faults were, and how long the outage took, with its split by class. */
function bracket(image: Picture, range: Range, x: Frame['x']): Piece {
  const { faults, main, episode, outage, shift } = image;
  if (faults.length === 0) return { svg: NOTHING, height: 12 };
  const named = faultNames(image, range, x);
  const lower = (faults.length - 1) * ROW;
  if (!main || !episode) return { svg: group(...named), height: 26 + lower };
  const isTotal = outage !== undefined && isOneOutage(main);
  const shown = isTotal ? outage : episode;
  const from = x(Math.max(range.from, shown.begin - shift));
  const to = x(shown.end === null ? range.to : Math.min(range.to, shown.end - shift));
  const lasting = isTotal
    ? `out for ${written(outage.duration)}`
    : `${percent(episode.share)} lost for ${written(episode.duration)}`;
  const split =
    isTotal && outage.parts.length > 1
      ? outage.parts.map(({ result, begin, end }) => `${CLASSES[result].label} ${seconds(end - begin)}`)
      : [];
  const label = `${main.probe.replace(/^edge-/, '')}: ${lasting}`;
  const said = labelled({ from, to, label, split: split.join(' · ') });
  const svg = group(...named, lower === 0 ? said : tag('g', { transform: `translate(0 ${lower})` }, said));
  return { svg, height: 66 + lower };
}

/** The label stands in the bracket; beside it where that is too narrow. */
function labelled({ from, to, label, split }: { from: number; to: number; label: string; split: string }): Markup {
  const length = Math.max(label.length * 1.08, split.length * 0.95) * CHARACTER;
  const isInside = to - from > length + 16;
  const isLeft = !isInside && to + length + 12 > WIDTH;
  const place = isInside ? (from + to) / 2 : isLeft ? from - 9 : to + 9;
  const anchor = isInside ? 'middle' : isLeft ? 'end' : 'start';
  const y = isInside ? 34 : 40;
  const arm = isInside ? (split === '' ? 20 : 9) : 16;
  return group(
    tag('path', { class: 'bracket', d: `M${from.toFixed(1)} 62v-${arm}h${Math.max(1, to - from).toFixed(1)}v${arm}` }),
    tag('text', { class: 'halo', 'font-weight': 700, 'font-size': 14, x: place, y, 'text-anchor': anchor }, label),
    split === ''
      ? undefined
      : tag('text', { class: 'soft halo', 'font-size': SMALL, x: place, y: y + 14, 'text-anchor': anchor }, split),
  );
}

function axis({ range, x, top, bottom }: Frame, zero: string): Piece {
  const step = stepOf(range, 11);
  const digits = step < 100 ? 2 : step < 1000 ? 1 : 0;
  const small = { class: 'soft', 'font-size': SMALL, y: bottom + 18 };
  const ticks: Markup[] = [tag('text', { ...small, x: LABELS - 10, 'text-anchor': 'end' }, `seconds from ${zero}`)];
  for (let at = Math.ceil(range.from / step) * step; at <= range.to; at += step) {
    ticks.push(tag('line', { class: 'grid', x1: x(at), x2: x(at), y1: top, y2: bottom + 5, opacity: '.55' }));
    // At the very left it would stand on the axis' own label.
    if (x(at) > LABELS + 20)
      ticks.push(tag('text', { ...small, x: x(at), 'text-anchor': 'middle' }, (at / 1000).toFixed(digits)));
  }
  return { svg: group(...ticks), height: 28 };
}

/** Of a mark's label: what is longer is in the table of milestones. */
const MOST_CHARACTERS = 62;

/** Labels that would touch stand on rows of their own, each tied to its instant by a line. */
function markRows(marks: readonly Mark[], { x, bottom }: Frame, top: number): Piece {
  const taken: { left: number; right: number }[][] = [];
  const placed = marks.map(({ at, label }) => {
    const place = x(at);
    const text = `${fitted(label, Math.min(label.length, MOST_CHARACTERS))}  ${seconds(at)}`;
    const length = text.length * CHARACTER + 12;
    const isLeft = place + length > WIDTH;
    const span = isLeft ? { left: place - length, right: place + 4 } : { left: place - 4, right: place + length };
    const free = taken.findIndex((row) => row.every(({ left, right }) => span.right < left || span.left > right));
    const row = free < 0 ? taken.push([]) - 1 : free;
    taken[row]?.push(span);
    return { place, text, y: top + 14 + row * 16, x: place + (isLeft ? -7 : 7), anchor: isLeft ? 'end' : 'start' };
  });
  // All lines first: the halo of a label then keeps the lines of its neighbours off its words.
  const lines = placed.map(({ place, y }) =>
    tag('line', { class: 'mark', x1: place, x2: place, y1: bottom, y2: y - 4, opacity: '.7' }),
  );
  const labels = placed.map((mark) =>
    group(
      tag('circle', { class: 'soft', cx: mark.place, cy: mark.y - 4, r: 2.6 }),
      tag('text', { class: 'halo', 'font-size': SMALL, x: mark.x, y: mark.y, 'text-anchor': mark.anchor }, mark.text),
    ),
  );
  return { svg: group(...lines, ...labels), height: taken.length === 0 ? 0 : taken.length * 16 + 10 };
}
