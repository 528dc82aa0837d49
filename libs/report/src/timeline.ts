/** The timeline as inline SVG: one lane per probe, the fault shaded, the outage in a bracket with its duration. */
import { percent, seconds, written, type Verdict } from '@faultline/checker';
import { figureOf, stepOf } from './blocks.ts';
import { escaped } from './clean.ts';
import type { Bin, Lane, Mark, Picture, Range } from './picture.ts';
import { CLASSES } from './style.ts';

const WIDTH = 1112;
const LABELS = 150;
const FIGURES = 128;
const PLOT = WIDTH - LABELS - FIGURES;
const LANE = 22;
const BAR = 16;
const BINS = 280;
/** Space a character takes at the size of labels: to keep them apart. */
const CHARACTER = 6.3;

interface Frame {
  readonly range: Range;
  /** Pixels of a time. */
  readonly x: (at: number) => number;
}

interface Piece {
  readonly svg: string;
  readonly height: number;
}

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

export function timeline({ image, verdict, range, lanes, title, marks, detail }: TimelineOptions): string {
  const frame: Frame = { range, x: (at) => LABELS + ((at - range.from) / (range.to - range.from)) * PLOT };
  const top = bracket(image, frame);
  const rows = lanes.map((lane, index) => laneOf(lane, verdict, frame, top.height + index * LANE));
  const bottom = top.height + lanes.length * LANE;
  const scale = axis(frame, top.height, bottom);
  const ticks = markRows(marks.filter(({ at }) => at >= range.from && at <= range.to), frame, bottom + scale.height, top.height);
  const height = bottom + scale.height + ticks.height;
  return [
    `<svg class="timeline" viewBox="0 0 ${WIDTH} ${Math.ceil(height)}" role="img" aria-label="${escaped(title)}" font-size="12.5">`,
    `<title>${escaped(title)}</title><desc>${escaped(verdict.headline)}</desc>`,
    ...lanes.map((_, index) => `<rect class="lane-ground" x="${LABELS}" y="${top.height + index * LANE + 2}" width="${PLOT}" height="${BAR}"/>`),
    ...rows,
    shade(image, frame, top.height - 3, bottom),
    detail ? window(detail, frame, top.height - 3, bottom) : '',
    scale.svg,
    ticks.svg,
    top.svg,
    '</svg>',
  ].join('');
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** Bins of the same look are one rectangle; what was good is the ground, what was lost stands on it by its share. */
function laneOf(lane: Lane, verdict: Verdict, { range, x }: Frame, top: number): string {
  const parts: string[] = [];
  const bins = lane.bins(range.from, range.to, BINS);
  const lookOf = ({ sent, lost, worst }: Bin): string => (sent === 0 ? '' : `${worst}:${lost === 0 ? 0 : Math.ceil((lost / sent) * 6)}`);
  for (let begin = 0; begin < bins.length; ) {
    const look = lookOf(bins[begin] as Bin);
    let end = begin + 1;
    while (end < bins.length && lookOf(bins[end] as Bin) === look) end++;
    // Bins between two samples of a slow probe are empty, and no gap.
    const first = bins[begin] as Bin;
    const last = bins[end - 1] as Bin;
    if (look !== '') parts.push(...blocks(first, look, round(x(first.from)), round(x(bins[nextSampled(bins, end)]?.from ?? last.to)), top + 2));
    begin = look === '' ? end : Math.max(end, nextSampled(bins, end));
  }
  const name = `<text x="${LABELS - 10}" y="${top + 14}" text-anchor="end">${escaped(lane.name.replace(/^edge-/, ''))}</text>`;
  const figure = `<text x="${LABELS + PLOT + 10}" y="${top + 14}" font-weight="600">${escaped(figureOf(lane, verdict))}</text>`;
  return `<g data-lane="${escaped(lane.name)}"><title>${escaped(`${lane.name}: ${lane.what}`)}</title>${parts.join('')}${name}${figure}</g>`;
}

/** The next bin with a sample, if it is near: a longer silence is shown as one. */
function nextSampled(bins: readonly Bin[], from: number): number {
  for (let index = from; index < Math.min(bins.length, from + 12); index++) if ((bins[index]?.sent ?? 0) > 0) return index;
  return from;
}

function blocks(first: Bin, look: string, left: number, right: number, top: number): readonly string[] {
  const sixths = Number(look.split(':')[1]);
  const rect = (result: string, y: number, height: number): string =>
    `<rect class="c-${result}" x="${left}" y="${round(y)}" width="${round(right - left)}" height="${round(height)}"/>`;
  const height = (BAR * sixths) / 6;
  return [...(sixths < 6 ? [rect('ok', top, BAR)] : []), ...(sixths > 0 ? [rect(first.worst, top + BAR - height, height)] : [])];
}

function shade({ fault, whole }: Picture, { range, x }: Frame, top: number, bottom: number): string {
  if (!fault) return '';
  const clamp = (at: number): number => x(Math.min(range.to, Math.max(range.from, at)));
  const from = clamp(fault.inForce);
  const to = clamp(fault.healed ?? whole.to);
  const becoming = clamp(fault.begin);
  return [
    `<rect class="fault" x="${round(from)}" y="${top}" width="${round(Math.max(0, to - from))}" height="${bottom - top}"/>`,
    `<rect class="becoming" x="${round(becoming)}" y="${top}" width="${round(Math.max(1, from - becoming))}" height="${bottom - top}"/>`,
    `<line class="fault-line" x1="${round(from)}" x2="${round(from)}" y1="${top - 5}" y2="${bottom}"/>`,
    fault.healed !== null && fault.healed < range.to ? `<line class="fault-line" stroke-dasharray="4 3" x1="${round(to)}" x2="${round(to)}" y1="${top}" y2="${bottom}"/>` : '',
  ].join('');
}

function window({ from, to }: Range, { x }: Frame, top: number, bottom: number): string {
  return `<rect class="window" x="${round(x(from))}" y="${top}" width="${round(x(to) - x(from))}" height="${bottom - top}"/>`;
}

/** Above the lanes: what the fault was, and how long the outage took, with its split by class. */
function bracket(image: Picture, { range, x }: Frame): Piece {
  const { fault, main, episode, outage, shift } = image;
  if (!fault) return { svg: '', height: 12 };
  const faultX = x(Math.max(range.from, fault.inForce));
  const isLate = faultX > WIDTH - 320;
  const named = `<text class="fault-text halo" x="${round(faultX + (isLate ? -6 : 6))}" y="13" text-anchor="${isLate ? 'end' : 'start'}">${escaped(`fault in force: ${fault.label}`)}</text>`;
  const line = `<line class="fault-line" x1="${round(faultX)}" x2="${round(faultX)}" y1="3" y2="60"/>`;
  if (!main || !episode) return { svg: named + line, height: 26 };
  const isTotal = outage !== undefined && episode.share >= 0.9;
  const shown = isTotal ? outage : episode;
  const from = x(Math.max(range.from, shown.begin - shift));
  const to = x(Math.min(range.to, shown.end === null ? range.to : shown.end - shift));
  const text = isTotal ? `out for ${written(outage.duration)}` : `${percent(episode.share)} lost for ${written(episode.duration)}`;
  const split = isTotal && outage.parts.length > 1 ? outage.parts.map(({ result, begin, end }) => `${CLASSES[result].label} ${seconds(end - begin)}`).join(' · ') : '';
  const label = `${main.probe.replace(/^edge-/, '')}: ${text}`;
  const length = Math.max(label.length, split.length * 0.9) * CHARACTER * 1.08;
  // Beside the bracket where it is too narrow for its label.
  const isInside = to - from > length + 16;
  const isLeft = !isInside && to + length + 12 > WIDTH;
  const place = isInside ? (from + to) / 2 : isLeft ? from - 9 : to + 9;
  const anchor = isInside ? 'middle' : isLeft ? 'end' : 'start';
  const y = isInside ? 34 : 40;
  const splitText = split ? `<text class="soft halo" font-size="11.5" x="${round(place)}" y="${y + 14}" text-anchor="${anchor}">${escaped(split)}</text>` : '';
  const shape = isInside && split
    ? `<path class="bracket" d="M${round(from)} 62v-9h${round(to - from)}v9"/>`
    : `<path class="bracket" d="M${round(from)} 62v-${isInside ? 20 : 16}h${round(Math.max(1, to - from))}v${isInside ? 20 : 16}"/>`;
  const svg = `${named}<line class="fault-line" x1="${round(faultX)}" x2="${round(faultX)}" y1="3" y2="62"/>${shape}<text class="halo" font-weight="700" font-size="14" x="${round(place)}" y="${y}" text-anchor="${anchor}">${escaped(label)}</text>${splitText}`;
  return { svg, height: 66 };
}

function axis({ range, x }: Frame, top: number, bottom: number): Piece {
  const step = stepOf(range, 11);
  const digits = step < 100 ? 2 : step < 1000 ? 1 : 0;
  const ticks: string[] = [];
  for (let at = Math.ceil(range.from / step) * step; at <= range.to; at += step) {
    const place = round(x(at));
    ticks.push(`<line class="grid" x1="${place}" x2="${place}" y1="${top}" y2="${bottom + 5}" opacity=".55"/>`);
    ticks.push(`<text class="soft" font-size="11.5" x="${place}" y="${bottom + 18}" text-anchor="middle">${(at / 1000).toFixed(digits)}</text>`);
  }
  ticks.push(`<text class="soft" font-size="11.5" x="${LABELS + PLOT + 10}" y="${bottom + 18}">s from the fault</text>`);
  return { svg: ticks.join(''), height: 28 };
}

/** Labels that would touch stand on rows of their own, each tied to its instant by a line. */
function markRows(marks: readonly Mark[], { x }: Frame, top: number, lanesTop: number): Piece {
  const ends: { left: number; right: number }[][] = [];
  const drawn = marks
    .filter(({ label }) => !label.startsWith('fault in force'))
    .map(({ at, label }) => {
      const place = x(at);
      const text = `${label}  ${seconds(at)}`;
      const length = text.length * CHARACTER + 12;
      const isLeft = place + length > WIDTH;
      const span = isLeft ? { left: place - length, right: place + 4 } : { left: place - 4, right: place + length };
      let row = ends.findIndex((taken) => taken.every(({ left, right }) => span.right < left || span.left > right));
      if (row < 0) row = ends.push([]) - 1;
      ends[row]?.push(span);
      return { place, text, row, isLeft };
    });
  const svg = drawn.map(({ place, text, row, isLeft }) => {
    const y = top + 14 + row * 16;
    return `<line class="mark" x1="${round(place)}" x2="${round(place)}" y1="${lanesTop}" y2="${y}" opacity=".7"/><circle cx="${round(place)}" cy="${y - 4}" r="2.6" class="soft"/><text class="halo" font-size="11.5" x="${round(place + (isLeft ? -7 : 7))}" y="${y}" text-anchor="${isLeft ? 'end' : 'start'}">${escaped(text)}</text>`;
  });
  return { svg: svg.join(''), height: ends.length === 0 ? 0 : ends.length * 16 + 10 };
}
