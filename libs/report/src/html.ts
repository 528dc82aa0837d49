/** report.html: the page of one run. */
import { isOneOutage, percent, seconds, written, type Expectation, type Verdict } from '@faultline/checker';
import type { Stamped } from '@faultline/history';
import { owners } from './arp.ts';
import { unbroken } from './clean.ts';
import { envelope } from './envelope.ts';
import { group, NOTHING, tag, type Markup } from './markup.ts';
import { link, page } from './page.ts';
import { picture, type Lane, type Picture } from './picture.ts';
import { faultTable } from './faults.ts';
import { refusedAmongTimeouts } from './refused.ts';
import { answers, checks, clients, environment, milestones, pods, prober } from './sections.ts';
import { stages } from './stages.ts';
import { CLASSES } from './style.ts';
import { reachability } from './sweep.ts';
import { NONE } from './table.ts';
import { timeline } from './timeline.ts';

export interface HtmlOptions {
  readonly events: readonly Stamped[];
  readonly verdict: Verdict;
  /** plan.json, shown as it is; its expectations are drawn. */
  readonly plan?: { readonly why?: string; readonly expectations?: readonly Expectation[] };
  /** Sections of whoever has more to say of the run than is told here: above the picture. */
  readonly sections?: readonly Markup[];
}

/** More lanes than this do not fit a screen: then pods that reached each other all the time are left to their matrix. */
const MOST_LANES = 18;

export function renderHtml({ events, verdict, plan, sections = [] }: HtmlOptions): string {
  const image = picture(events, verdict);
  const body = tag(
    'main',
    data(verdict, image),
    head(verdict, plan?.why),
    figures(verdict, image),
    ...sections,
    drawings(verdict, image),
    stages(verdict),
    owners(verdict, events, image),
    faultTable(verdict, events),
    milestones(verdict),
    envelope(verdict, image, plan?.expectations ?? []),
    pods(verdict),
    reachability(events, plan?.expectations),
    clients(verdict),
    answers(verdict),
    checks(verdict),
    prober(verdict, events),
    environment(verdict, events, plan),
  );
  return page(`${verdict.outcome}: ${verdict.headline}`, body);
}

/** For programs that read the page: the outage that the headline speaks of, milliseconds. */
function data(
  { outcome, substrate }: Verdict,
  { main, outage }: Picture,
): Readonly<Record<string, string | undefined>> {
  const ms = (value: number | null | undefined): string | undefined =>
    value === null || value === undefined ? undefined : String(value);
  return {
    'data-outcome': outcome,
    'data-substrate': substrate,
    'data-probe': main?.probe,
    'data-outage-ms': ms(outage?.duration.estimate),
    'data-outage-low-ms': ms(outage?.duration.low),
    'data-outage-high-ms': ms(outage?.duration.high),
  };
}

const SUBSTRATES = { k3s: 'k3s', bare: 'bare: the same network, no Kubernetes' } as const;

function head(verdict: Verdict, why: string | undefined): Markup {
  const { substrate, substrateReason, versions, cell, outcome, scenario, repeat } = verdict;
  const release = substrate === 'k3s' && versions['k3s'] ? ` ${versions['k3s']}` : '';
  const factors = Object.entries(cell).flatMap(([factor, value]) => (factor === 'substrate' ? [] : [value]));
  const where = [` (${substrateReason})`, ...factors, scenario].join(' · ');
  return tag(
    'header',
    {},
    tag('p', { class: 'where' }, tag('b', {}, `${SUBSTRATES[substrate]}${release}`), where),
    tag('span', { class: `badge ${outcome}` }, outcome),
    tag('h1', {}, unbroken(verdict.headline)),
    tag('p', { class: 'reason' }, verdict.reason),
    why === undefined ? undefined : tag('p', { class: 'reason' }, why),
    repeat
      ? tag(
          'p',
          { class: 'note' },
          `Run ${repeat.index} of ${repeat.of} on one cluster: `,
          link('../report.html', 'all of them'),
        )
      : undefined,
  );
}

function figures({ headline }: Verdict, { main, outage, episode }: Picture): Markup {
  if (!main) return NOTHING;
  const during = main.windows.find(({ window }) => window === 'during');
  const isTotal = outage !== undefined && isOneOutage(main);
  const lasting = isTotal ? outage.duration : episode?.duration;
  const failover = episode ? main.failover : null;
  const all: readonly (readonly [string, string, string])[] = [
    [
      isTotal || !episode ? 'Clients without service' : 'Clients losing requests',
      lasting ? written(lasting) : 'no outage',
      main.probe,
    ],
    [
      'From the fault to service',
      failover ? seconds(failover.estimate) : episode ? 'not in this time' : NONE,
      failover ? `${seconds(failover.low)} to ${seconds(failover.high)}` : '',
    ],
    [
      'By the other estimator',
      episode ? seconds(isTotal ? outage.byLoss : episode.byLoss) : NONE,
      !episode ? '' : isTotal ? 'lost samples / rate' : 'worth of requests lost',
    ],
    [
      'Requests lost during the fault',
      during ? `${during.lost} of ${during.sent}` : NONE,
      during ? percent(during.lost / Math.max(1, during.sent)) : '',
    ],
  ];
  const items = all.map(([term, value, small]) =>
    tag('div', {}, tag('dt', {}, term), tag('dd', {}, value, tag('small', {}, small))),
  );
  return tag('dl', { class: 'figures', 'aria-label': headline }, ...items);
}

function drawings(verdict: Verdict, image: Picture): Markup {
  const title = tag('h2', {}, 'Timeline');
  if (image.lanes.length === 0) return group(title, tag('p', { class: 'note' }, 'Nothing was sampled.'));
  const note =
    'One lane per probe. The fault becomes active in the dark strip and is in force in the shaded time; ' +
    'where only some samples of an instant were lost, the colour is as high as their share.';
  const refused = refusedAmongTimeouts(verdict);
  return group(
    title,
    tag('p', { class: 'note' }, note),
    zoomed(verdict, image),
    overview(verdict, image),
    legend(verdict, image),
    refused === undefined ? undefined : tag('p', { class: 'note' }, refused),
  );
}

function zoomed(verdict: Verdict, image: Picture): Markup {
  const { detail, lanes, marks } = image;
  if (!detail) return NOTHING;
  const near = lanes.filter(({ layer }) => layer !== 'pod');
  return tag(
    'figure',
    {},
    tag('figcaption', {}, `Around the outage, ${seconds(detail.from)} to ${seconds(detail.to)}`),
    timeline({ image, verdict, range: detail, lanes: near, title: 'Timeline around the outage', marks, detail: null }),
  );
}

function overview(verdict: Verdict, image: Picture): Markup {
  const { detail, whole, lanes } = image;
  const shown = lanes.length <= MOST_LANES ? lanes : lanes.filter(isNews);
  const own = image.marks.filter(({ label }) => !label.startsWith('first '));
  // What the other timeline shows need not be squeezed into this one.
  const marks = detail ? own.filter(({ at }) => at < detail.from || at > detail.to) : own;
  return tag(
    'figure',
    {},
    tag('figcaption', {}, 'The whole measurement'),
    timeline({ image, verdict, range: whole, lanes: shown, title: 'Timeline of the whole measurement', marks, detail }),
  );
}

function isNews({ layer, measure }: Lane): boolean {
  return layer !== 'pod' || (measure?.windows.some(({ lost }) => lost > 0) ?? false);
}

function legend({ probes }: Verdict, { ticks }: Picture): Markup {
  const seen = new Set([
    'ok',
    ...probes.flatMap(({ windows }) => windows.flatMap(({ byClass }) => Object.keys(byClass))),
  ]);
  const shown = Object.entries(CLASSES).filter(([result]) => seen.has(result));
  return tag(
    'ul',
    { class: 'legend' },
    ...shown.map(([result, { label }]) => tag('li', {}, tag('i', { class: `c-${result}` }), label)),
    ticks.length > 0 ? tag('li', {}, 'stream: ○ opened, × reset, | closed, ▼ given up after a silence') : undefined,
  );
}
