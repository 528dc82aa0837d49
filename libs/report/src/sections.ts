/** The tables under the picture. Every word that came from a cluster goes through `escaped`. */
import { LATE_LIMIT_MS, percent, seconds, type Expectation, type MatrixPair, type ProbeMeasure, type Verdict, type Window } from '@faultline/checker';
import type { SampleClass, Stamped } from '@faultline/history';
import { escaped } from './clean.ts';
import type { Picture } from './picture.ts';
import { CLASSES } from './style.ts';
import { range } from './summary.ts';

type Cell = string | { readonly html: string; readonly is?: string };

function table(head: readonly string[], body: readonly (readonly Cell[])[], numeric: readonly number[] = []): string {
  const as = (index: number): string => (numeric.includes(index) ? ' class="n"' : '');
  const cell = (value: Cell, index: number): string => {
    if (typeof value === 'string') return `<td${as(index)}>${escaped(value)}</td>`;
    return `<td class="${value.is ?? (numeric.includes(index) ? 'n' : '')}">${value.html}</td>`;
  };
  const header = head.map((text, index) => `<th scope="col"${as(index)}>${escaped(text)}</th>`).join('');
  return `<div class="scroll"><table><thead><tr>${header}</tr></thead><tbody>${body.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('')}</tbody></table></div>`;
}

const name = (text: string): Cell => ({ html: escaped(text), is: 'name' });

/** Words for figures that were not measured. */
const NONE = '–';

export function milestones({ milestones: all }: Verdict): string {
  if (all.length === 0) return '';
  const rows = all.map(({ at, what, detail }) => [seconds(at.estimate), range(at).replace(/^.*\(|\)$/g, ''), name(what), detail]);
  const note = 'Seconds from the fault in force, each with the interval in which it lies: the fault was becoming active for a while, and samples are some milliseconds apart.';
  return `<h2>One thing after the other</h2><p class="note">${note}</p>${table(['at', 'between, s', 'what', 'who'], rows, [0, 1])}`;
}

export function clients({ probes }: Verdict): string {
  const shown = probes.filter(({ layer }) => layer !== 'pod');
  if (shown.length === 0) return '';
  const rows = shown.flatMap((probe) =>
    probe.windows.map((window, index) => [
      index === 0 ? name(probe.probe) : '',
      window.window,
      String(window.sent),
      `${window.lost}${window.lost > 0 ? ` (${percent(window.lost / Math.max(1, window.sent))})` : ''}`,
      { html: byClass(window) },
      ...latencies(window),
    ]),
  );
  const head = ['probe', 'window', 'sent', 'lost', 'by class', 'p50 ms', 'p90', 'p99', 'max'];
  const note =
    'During: from the injection to the end of the healing, or of the measurement. Latency of good samples counts from when they should have been sent; a quantile is left out where there are too few samples for it.';
  return `<h2>What clients saw</h2><p class="note">${note}</p>${table(head, rows, [2, 3, 5, 6, 7, 8])}`;
}

function byClass({ byClass: counts, sent }: Window): string {
  const entries = Object.entries(counts) as [SampleClass, number][];
  const bar = entries.map(([result, count]) => `<i class="c-${result}" style="width:${((count / Math.max(1, sent)) * 100).toFixed(2)}%"></i>`).join('');
  const lost = entries.filter(([result]) => result !== 'ok').map(([result, count]) => `${CLASSES[result].label} ${count}`);
  return `<span class="bar">${bar}</span>${lost.length > 0 ? `<small>${escaped(lost.join(', '))}</small>` : ''}`;
}

function latencies({ latency }: Window): readonly string[] {
  return [latency.p50, latency.p90, latency.p99, latency.max].map((value) => (value === null ? NONE : value.toFixed(value < 10 ? 2 : 1)));
}

/** Which pod, on which node, answered: shares of the good answers in each window. */
export function answers({ probes }: Verdict): string {
  const shown = probes.filter(({ layer, answeredBy }) => layer === 'http' && Object.keys(answeredBy).length > 0).slice(0, 4);
  if (shown.length === 0) return '';
  const tables = shown.map((probe) => {
    const rows = Object.keys(probe.answeredBy).map((who) => [name(who), ...['before', 'during', 'after'].map((window) => shareOf(probe, window, who))]);
    return `<div><h3>${escaped(probe.probe)}</h3>${table(['who', 'before', 'during', 'after'], rows, [1, 2, 3])}</div>`;
  });
  return `<h2>Who answered</h2><div class="cols">${tables.join('')}</div>`;
}

function shareOf({ windows }: ProbeMeasure, wanted: string, who: string): string {
  const answered = windows.find(({ window }) => window === wanted)?.answeredBy;
  if (!answered) return NONE;
  const total = Object.values(answered).reduce((sum, count) => sum + count, 0);
  return percent((answered[who] ?? 0) / Math.max(1, total));
}

export function pods({ matrix }: Verdict): string {
  if (matrix.length === 0) return '';
  const grids = (['before', 'during', 'after'] as const).map((window) => grid(matrix, window));
  return `<h2>Which pods reach which</h2><p class="note">Lost share of requests from a pod on the row's node to a pod on the column's node; on the same node between two pods of it.</p><div class="cols">${grids.join('')}</div>`;
}

function grid(matrix: readonly MatrixPair[], window: 'before' | 'during' | 'after'): string {
  const nodes = [...new Set(matrix.map(({ from }) => from))];
  const cell = (from: string, to: string): string => {
    const share = matrix.find((pair) => pair.from === from && pair.to === to)?.[window] ?? null;
    if (share === null) return `<td>${NONE}</td>`;
    const is = share >= 0.9 ? 'cut' : share <= 0.1 ? 'reached' : 'some';
    return `<td class="${is}">${escaped(is === 'reached' && share === 0 ? 'ok' : percent(share))}</td>`;
  };
  const head = nodes.map((node) => `<th scope="col">${escaped(node)}</th>`).join('');
  const rows = nodes.map((from) => `<tr><th scope="row">${escaped(from)}</th>${nodes.map((to) => cell(from, to)).join('')}</tr>`);
  return `<div><h3>${window}</h3><div class="scroll"><table class="matrix"><tr><th></th>${head}</tr>${rows.join('')}</table></div></div>`;
}

/** The bounds that the scenario expects, and where the measured interval falls. */
export function envelope({ probes }: Verdict, { outage, episode }: Picture, expectations: readonly Expectation[]): string {
  const bars = expectations.flatMap((expectation): string[] => {
    if (expectation.check !== 'outage' && expectation.check !== 'loss-share') return [];
    const measure = probes.find(({ probe }) => probe === expectation.probe);
    const found = expectation.check === 'outage' ? outage?.duration : measure?.failover;
    const label = expectation.check === 'outage' ? 'outage' : 'lossy for';
    const seen = found && (episode?.probe ?? expectation.probe) === expectation.probe ? found : undefined;
    return [envelopeBar(`${label}, ${expectation.probe}`, expectation, seen)];
  });
  return bars.length === 0 ? '' : `<h2>Expected, and measured</h2>${bars.join('')}`;
}

interface Bounds {
  readonly atLeastMs: number;
  readonly atMostMs: number;
}

function envelopeBar(label: string, { atLeastMs, atMostMs }: Bounds, seen: { low: number; estimate: number; high: number | null } | undefined): string {
  const end = Math.max(atMostMs, seen?.high ?? seen?.estimate ?? 0) * 1.25;
  const x = (ms: number): string => (150 + (ms / end) * 834).toFixed(1);
  const width = (from: number, to: number): string => Math.max(2, Number(x(to)) - Number(x(from))).toFixed(1);
  const text = (ms: number, y: number, value: string, weight = 400): string => `<text x="${x(ms)}" y="${y}" text-anchor="middle" font-weight="${weight}">${escaped(value)}</text>`;
  const mark = seen
    ? `<rect x="${x(seen.low)}" y="24" width="${width(seen.low, seen.high ?? seen.estimate)}" height="22" class="soft"/><line class="bracket" x1="${x(seen.estimate)}" x2="${x(seen.estimate)}" y1="19" y2="51"/>${text(seen.estimate, 14, seconds(seen.estimate), 700)}`
    : `<text class="soft" x="${x(end / 2)}" y="14">nothing was measured</text>`;
  const title = `${label}: expected ${seconds(atLeastMs)} to ${seconds(atMostMs)}${seen ? `, measured ${seconds(seen.estimate)}` : ''}`;
  return `<svg class="timeline" viewBox="0 0 1112 72" role="img" aria-label="${escaped(title)}" font-size="12.5"><title>${escaped(title)}</title><text x="140" y="39" text-anchor="end">${escaped(label)}</text><rect class="lane-ground" x="150" y="27" width="834" height="16"/><rect class="c-ok" x="${x(atLeastMs)}" y="27" width="${width(atLeastMs, atMostMs)}" height="16"/>${mark}<g class="soft" font-size="11.5">${text(0, 62, '0')}${text(atLeastMs, 62, seconds(atLeastMs))}${text(atMostMs, 62, seconds(atMostMs))}</g><text class="soft" x="994" y="39">expected</text></svg>`;
}

export function checks({ checks: all }: Verdict): string {
  const rows = all.map(({ check, outcome, reason }): Cell[] => [name(check), { html: escaped(outcome), is: outcome }, reason]);
  return `<h2>How far to trust it</h2><p class="note">Checks of the experiment itself come first: without them nothing else is judged.</p>${table(['check', 'outcome', 'why'], rows)}`;
}

export function prober({ probes }: Verdict): string {
  const rows = probes.flatMap(({ probe, what, rateHz, latenessMs }) => (latenessMs ? [[name(probe), what, rateHz === 0 ? 'passive' : String(rateHz), ...[latenessMs.p50, latenessMs.p99, latenessMs.max].map((ms) => ms.toFixed(2))]] : []));
  if (rows.length === 0) return '';
  const note = `How late samples were sent, milliseconds. A late prober widens every bound by itself; beyond ${LATE_LIMIT_MS} ms at the 99th percentile nothing is judged.`;
  return `<h3>The prober's own lateness</h3><p class="note">${note}</p>${table(['probe', 'one sample', 'a second', 'p50', 'p99', 'max'], rows, [2, 3, 4, 5])}`;
}

export function environment(verdict: Verdict, events: readonly Stamped[], plan: object | undefined): string {
  const { versions, commit, dirty, cell, seed, run, scenario } = verdict;
  const begun = events.find(({ type }) => type === 'run.begin')?.wall;
  const rows = [
    ['substrate', `${verdict.substrate}: ${verdict.substrateReason}`],
    ['scenario', scenario],
    ['cell', Object.entries(cell).map(([factor, value]) => `${factor} ${value}`).join(', ')],
    ['seed', String(seed)],
    ['run', `${run}${begun === undefined ? '' : `, begun ${begun}`}`],
    ['faultline', `${commit ?? 'commit unknown'}${dirty ? ', with uncommitted changes' : ''}`],
    ...Object.entries(versions),
  ].map(([key = '', value = '']) => [name(key), value]);
  const shown = plan ? `<details><summary>The plan, as it was run</summary><pre>${escapedLines(JSON.stringify(plan, null, 2))}</pre></details>` : '';
  return `<h2>Do it again</h2><pre class="command">${escaped(verdict.command)}</pre><h2>Where it ran</h2>${table(['', ''], rows)}${shown}`;
}

function escapedLines(text: string): string {
  return text.split('\n').map(escaped).join('\n');
}
