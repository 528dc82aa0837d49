/** Lanes that say who, not how well: the owner of the address, the client's neighbour entry. */
import { seconds } from '@faultline/checker';
import { BAR, CHARACTER, LABELS, LANE, PLOT, type Frame, type Piece } from './frame.ts';
import { group, NOTHING, tag, type Markup } from './markup.ts';
import { longestSilence, shared, type Stretch } from './owner.ts';
import type { Lane, Picture } from './picture.ts';
import { OWNER_COLOURS } from './style.ts';

/** The lanes above those of the probes, where there is something to say in them. */
export function stretchLanes({ owners, neighbours }: Picture, frame: Frame, top: number, title: string): Piece {
  const colours = coloursOf([...owners, ...neighbours]);
  const two = `two-${title.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`;
  const lanes = [
    { label: 'who answers', all: owners, figure: figureOf(owners), note: 'who answers who-has for the address' },
    {
      label: 'neighbour entry',
      all: neighbours,
      figure:
        neighbours.length > 1
          ? neighbours.length === 2
            ? '1 change'
            : `${neighbours.length - 1} changes`
          : 'no change',
      note: "whom the client's kernel sends packets for the address to",
    },
  ].filter(({ all }) => all.length > 0);
  const drawn = lanes.map(({ label, all, figure, note }, index) => {
    const y = top + index * LANE;
    return tag(
      'g',
      { 'data-lane': label },
      tag('title', {}, note),
      tag('rect', { class: 'lane-ground', x: LABELS, y: y + 2, width: PLOT, height: BAR }),
      ...all.map((stretch) => stretchOf(stretch, { frame, y, colours, two })),
      tag('text', { x: LABELS - 10, y: y + 14, 'text-anchor': 'end' }, label),
      tag(
        'text',
        { class: shared(all) > 0 ? 'alarm' : undefined, x: LABELS + PLOT + 10, y: y + 14, 'font-weight': 600 },
        figure,
      ),
    );
  });
  const needsHatch = owners.some((stretch) => stretch.owners.length > 1);
  return { svg: group(needsHatch ? hatch(two) : undefined, ...drawn), height: lanes.length * LANE };
}

interface Place {
  readonly frame: Frame;
  readonly y: number;
  readonly colours: ReadonlyMap<string, number>;
  readonly two: string;
}

/** Nobody is empty; two are hatched, whoever they are. */
function stretchOf({ from, to, owners }: Stretch, { frame: { range, x }, y, colours, two }: Place): Markup {
  const left = x(Math.max(range.from, from));
  const right = x(Math.min(range.to, to));
  if (right <= left) return NOTHING;
  const isTwo = owners.length > 1;
  const says = owners.join(' + ') || 'nobody';
  const box = { x: left, y: y + 2, width: Math.max(1, right - left), height: BAR };
  const look = isTwo
    ? { fill: `url(#${two})`, class: 'two' }
    : { class: owners[0] === undefined ? 'nobody' : `o-${colours.get(owners[0]) ?? 0}` };
  const label = { class: isTwo ? 'alarm halo' : undefined, x: left + 6, y: y + 14, 'font-size': 11 };
  return tag(
    'g',
    {},
    tag('title', {}, `${says}, ${seconds(from)} to ${seconds(to)}`),
    tag('rect', { ...box, ...look }),
    right - left > says.length * CHARACTER + 8 ? tag('text', label, says) : undefined,
  );
}

function hatch(id: string): Markup {
  const pattern = { id, width: 8, height: 8, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' };
  return tag(
    'defs',
    {},
    tag(
      'pattern',
      pattern,
      tag('rect', { class: 'hatch-ground', width: 8, height: 8 }),
      tag('rect', { class: 'hatch', width: 4, height: 8 }),
    ),
  );
}

/** In the order in which they appear: the same machine has the same colour in every lane and drawing of a page. */
export function coloursOf(all: readonly Stretch[]): ReadonlyMap<string, number> {
  const names = [...new Set(all.flatMap(({ owners }) => owners))];
  return new Map(names.map((owner, index) => [owner, index % OWNER_COLOURS.length]));
}

function figureOf(all: readonly Stretch[]): string {
  const two = shared(all);
  if (two > 0) return `two for ${seconds(two)}`;
  const none = longestSilence(all);
  return none > 0 ? `nobody ${seconds(none)}` : 'never nobody';
}

/** What became of a long-lived stream's connections, in its own lane. */
export function ticksOf({ name }: Lane, { ticks }: Picture, { range, x }: Frame, top: number): Markup {
  const own = ticks.filter(({ lane, at }) => lane === name && at >= range.from && at <= range.to);
  return group(
    ...own.map(({ at, what, title }) =>
      tag(
        'path',
        { class: `tick ${what}`, d: TICKS[what], transform: `translate(${x(at).toFixed(1)} ${top + 2 + BAR / 2})` },
        tag('title', {}, title),
      ),
    ),
  );
}

/** Around its instant: a circle, a cross, a bar, a triangle that hangs. */
const TICKS = {
  opened: 'M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0',
  reset: 'M-4 -4L4 4M-4 4L4 -4',
  closed: 'M0 -6V6',
  abandoned: 'M-5 -4H5L0 5Z',
} as const;
