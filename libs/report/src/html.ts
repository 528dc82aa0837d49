/** report.html: one file that opens offline. No script, no asset: its content security policy forbids both. */
import { percent, seconds, written, type Expectation, type Verdict } from '@faultline/checker';
import type { Stamped } from '@faultline/history';
import { escaped } from './clean.ts';
import { picture, type Lane, type Picture } from './picture.ts';
import { answers, checks, clients, envelope, environment, milestones, pods, prober } from './sections.ts';
import { CLASSES, STYLE } from './style.ts';
import { timeline } from './timeline.ts';

export interface HtmlOptions {
  readonly events: readonly Stamped[];
  readonly verdict: Verdict;
  /** plan.json, shown as it is; its expectations are drawn. */
  readonly plan?: { readonly why?: string; readonly expectations?: readonly Expectation[] };
}

/** More lanes than this do not fit a screen: then pods that reached each other all the time are left to their matrix. */
const MOST_LANES = 18;

export function renderHtml({ events, verdict, plan }: HtmlOptions): string {
  const image = picture(events, verdict);
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${escaped(`${verdict.outcome}: ${verdict.scenario}`)}</title><style>${STYLE}</style></head><body>`,
    `<main ${data(verdict, image)}>`,
    head(verdict, plan?.why),
    figures(verdict, image),
    drawings(verdict, image),
    milestones(verdict),
    envelope(verdict, image, plan?.expectations ?? []),
    pods(verdict),
    clients(verdict),
    answers(verdict),
    checks(verdict),
    prober(verdict),
    environment(verdict, events, plan),
    '</main></body></html>\n',
  ].join('\n');
}

/** For programs that read the page: the outage that the headline speaks of, milliseconds. */
function data({ outcome, substrate }: Verdict, { main, outage }: Picture): string {
  const found = outage?.duration;
  const values = {
    outcome,
    substrate,
    probe: main?.probe ?? '',
    'outage-ms': found?.estimate ?? '',
    'outage-low-ms': found?.low ?? '',
    'outage-high-ms': found?.high ?? '',
  };
  return Object.entries(values).map(([key, value]) => `data-${key}="${escaped(value)}"`).join(' ');
}

const SUBSTRATES = { k3s: 'k3s', bare: 'bare: the same network, no Kubernetes' } as const;

function head(verdict: Verdict, why: string | undefined): string {
  const { substrate, substrateReason, versions, cell, outcome, scenario } = verdict;
  const release = substrate === 'k3s' && versions['k3s'] ? ` ${versions['k3s']}` : '';
  const factors = Object.entries(cell).flatMap(([factor, value]) => (factor === 'substrate' ? [] : [value]));
  const where = `<b>${escaped(`${SUBSTRATES[substrate]}${release}`)}</b> (${escaped(substrateReason)}) · ${escaped(factors.join(' · '))} · ${escaped(scenario)}`;
  return [
    `<header><p class="where">${where}</p>`,
    `<span class="badge ${outcome}">${outcome}</span>`,
    `<h1>${escaped(verdict.headline)}</h1>`,
    `<p class="reason">${escaped(verdict.reason)}</p>`,
    why === undefined ? '' : `<p class="reason">${escaped(why)}</p>`,
    '</header>',
  ].join('');
}

function figures(verdict: Verdict, { main, outage, episode }: Picture): string {
  if (!main) return '';
  const during = main.windows.find(({ window }) => window === 'during');
  const isTotal = outage !== undefined && (episode?.share ?? 0) >= 0.9;
  const lasting = isTotal ? outage.duration : episode?.duration;
  const estimate = isTotal ? 'lost samples / rate' : 'worth of requests lost';
  const all: [string, string, string][] = [
    [isTotal || !episode ? 'Clients without service' : 'Clients losing requests', lasting ? written(lasting) : 'not at all', main.probe],
    ['From the fault to service', main.failover ? seconds(main.failover.estimate) : episode ? 'not within the measurement' : NOTHING, main.failover ? `${seconds(main.failover.low)} to ${seconds(main.failover.high)}` : ''],
    ['By the other estimator', episode ? seconds(isTotal ? outage.byLoss : episode.byLoss) : NOTHING, episode ? estimate : ''],
    ['Requests lost during the fault', during ? `${during.lost} of ${during.sent}` : NOTHING, during ? percent(during.lost / Math.max(1, during.sent)) : ''],
  ];
  const items = all.map(([term, value, small]) => `<div><dt>${escaped(term)}</dt><dd>${escaped(value)}<small>${escaped(small)}</small></dd></div>`);
  return `<dl class="figures" aria-label="${escaped(verdict.headline)}">${items.join('')}</dl>`;
}

const NOTHING = '–';

function drawings(verdict: Verdict, image: Picture): string {
  if (image.lanes.length === 0) return '<h2>Timeline</h2><p class="note">Nothing was sampled.</p>';
  const { detail, whole, lanes } = image;
  const shown = lanes.length <= MOST_LANES ? lanes : lanes.filter(isNews);
  const own = image.marks.filter(({ label }) => !label.startsWith('first '));
  const near = lanes.filter(({ layer }) => layer !== 'pod');
  const zoomed = detail
    ? `<figure><figcaption>Around the outage, ${seconds(detail.from)} to ${seconds(detail.to)}</figcaption>${timeline({ image, verdict, range: detail, lanes: near, title: 'Timeline around the outage', marks: image.marks, detail: null })}</figure>`
    : '';
  const title = 'Timeline of the whole measurement';
  const marks = detail ? own.filter(({ at }) => at < detail.from || at > detail.to) : own;
  const overview = `<figure><figcaption>The whole measurement</figcaption>${timeline({ image, verdict, range: whole, lanes: shown, title, marks, detail })}</figure>`;
  return `<h2>Timeline</h2><p class="note">One lane per probe. The fault becomes active in the dark strip and is in force in the shaded time; where only some samples of an instant were lost, the colour is as high as their share.</p>${zoomed}${overview}${legend(verdict)}`;
}

function isNews({ layer, measure }: Lane): boolean {
  return layer !== 'pod' || (measure?.windows.some(({ lost }) => lost > 0) ?? false);
}

function legend({ probes }: Verdict): string {
  const seen = new Set(['ok', ...probes.flatMap(({ windows }) => windows.flatMap(({ byClass }) => Object.keys(byClass)))]);
  const items = Object.entries(CLASSES).filter(([result]) => seen.has(result)).map(([result, { label }]) => `<li><i class="c-${result}"></i>${label}</li>`);
  return `<ul class="legend">${items.join('')}</ul>`;
}
