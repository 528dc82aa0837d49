/** The tables under the picture. */
import {
  LATE_LIMIT_MS,
  percent,
  seconds,
  type MatrixPair,
  type ProbeMeasure,
  type Verdict,
  type Window,
} from '@faultline/checker';
import type { SampleClass, Stamped } from '@faultline/history';
import { cpuWaited } from './cpu.ts';
import { oneLine } from './clean.ts';
import { zeroName } from './faults.ts';
import { group, NOTHING, tag, type Markup } from './markup.ts';
import { CLASSES } from './style.ts';
import { between, name, NONE, section, table } from './table.ts';

export function milestones(verdict: Verdict): Markup {
  const { milestones: all } = verdict;
  if (all.length === 0) return NOTHING;
  const rows = all.map(({ at, what, detail }) => [seconds(at.estimate), between(at), name(what), detail]);
  const note =
    `Seconds from ${zeroName(verdict)} in force, each with the interval in which it lies: it was becoming active for a while, ` +
    'and samples are some milliseconds apart.';
  return section('One thing after the other', note, table(['at', 'between, s', 'what', 'who'], rows, [0, 1]));
}

export function clients({ probes }: Verdict): Markup {
  const shown = probes.filter(({ layer }) => layer !== 'pod');
  if (shown.length === 0) return NOTHING;
  const rows = shown.flatMap(({ probe, windows }) =>
    windows.map((window, index) => [
      index === 0 ? name(probe) : '',
      window.window,
      String(window.sent),
      `${window.lost}${window.lost > 0 ? ` (${percent(window.lost / Math.max(1, window.sent))})` : ''}`,
      { text: byClass(window), is: '' },
      ...latencies(window),
    ]),
  );
  const note =
    'During: from the first injection to the end of the last healing, or of the measurement. Latency of good samples counts ' +
    'from when they should have been sent; a quantile is left out where there are too few samples for it.';
  const head = ['probe', 'window', 'sent', 'lost', 'by class', 'p50 ms', 'p90', 'p99', 'max'];
  return section('What clients saw', note, table(head, rows, [2, 3, 5, 6, 7, 8]));
}

function byClass({ byClass: counts, sent }: Window): Markup {
  const entries = Object.entries(counts) as [SampleClass, number][];
  const widthOf = (count: number): string => `width:${((count / Math.max(1, sent)) * 100).toFixed(2)}%`;
  const bars = entries.map(([result, count]) => tag('i', { class: `c-${result}`, style: widthOf(count) }));
  const lost = entries
    .filter(([result]) => result !== 'ok')
    .map(([result, count]) => `${CLASSES[result].label} ${count}`);
  return group(tag('span', { class: 'bar' }, ...bars), lost.length > 0 ? tag('small', {}, lost.join(', ')) : undefined);
}

function latencies({ latency }: Window): readonly string[] {
  return [latency.p50, latency.p90, latency.p99, latency.max].map((value) =>
    value === null ? NONE : value.toFixed(value < 10 ? 2 : 1),
  );
}

const WINDOWS = ['before', 'during', 'after'] as const;

/** Which pod, on which node, answered: shares of the good answers in each window. */
export function answers({ probes }: Verdict): Markup {
  const shown = probes
    .filter(({ layer, answeredBy }) => layer === 'http' && Object.keys(answeredBy).length > 0)
    .slice(0, 4);
  if (shown.length === 0) return NOTHING;
  const tables = shown.map((probe) => {
    const rows = Object.keys(probe.answeredBy).map((who) => [
      name(who),
      ...WINDOWS.map((window) => shareOf(probe, window, who)),
    ]);
    return tag('div', {}, tag('h3', {}, probe.probe), table(['who', ...WINDOWS], rows, [1, 2, 3]));
  });
  return section('Who answered', '', tag('div', { class: 'cols' }, ...tables));
}

function shareOf({ windows }: ProbeMeasure, wanted: string, who: string): string {
  const answered = windows.find(({ window }) => window === wanted)?.answeredBy;
  if (!answered) return NONE;
  const total = Object.values(answered).reduce((sum, count) => sum + count, 0);
  return percent((answered[who] ?? 0) / Math.max(1, total));
}

export function pods({ matrix }: Verdict): Markup {
  if (matrix.length === 0) return NOTHING;
  const note =
    "Lost share of requests from a pod on the row's node to a pod on the column's node; on the same node, between two pods of it.";
  return section(
    'Which pods reach which',
    note,
    tag('div', { class: 'cols' }, ...WINDOWS.map((window) => grid(matrix, window))),
  );
}

function grid(matrix: readonly MatrixPair[], window: (typeof WINDOWS)[number]): Markup {
  const nodes = [...new Set(matrix.map(({ from }) => from))];
  const cell = (from: string, to: string): Markup => {
    const share = matrix.find((pair) => pair.from === from && pair.to === to)?.[window] ?? null;
    if (share === null) return tag('td', {}, NONE);
    return tag(
      'td',
      { class: share >= 0.9 ? 'cut' : share <= 0.1 ? 'reached' : 'some' },
      share === 0 ? 'ok' : percent(share),
    );
  };
  const head = tag('tr', {}, tag('th'), ...nodes.map((node) => tag('th', { scope: 'col' }, node)));
  const rows = nodes.map((from) =>
    tag('tr', {}, tag('th', { scope: 'row' }, from), ...nodes.map((to) => cell(from, to))),
  );
  return tag(
    'div',
    {},
    tag('h3', {}, window),
    tag('div', { class: 'scroll' }, tag('table', { class: 'matrix' }, head, ...rows)),
  );
}

export function checks({ checks: all }: Verdict): Markup {
  const rows = all.map(({ check, outcome, reason }) => [name(check), { text: outcome, is: outcome }, reason]);
  const note = 'Checks of the experiment itself come first: without them nothing else is judged.';
  return section('How far to trust it', note, table(['check', 'outcome', 'why'], rows));
}

export function prober({ probes }: Verdict, events: readonly Stamped[]): Markup {
  const rows = probes.flatMap(({ probe, what, rateHz, latenessMs }) => {
    if (!latenessMs) return [];
    const late = [latenessMs.p50, latenessMs.p99, latenessMs.max].map((ms) => ms.toFixed(2));
    return [[name(probe), what, rateHz === 0 ? 'passive' : String(rateHz), ...late]];
  });
  if (rows.length === 0) return NOTHING;
  const note =
    'How late samples were sent, milliseconds. A late prober widens every bound by itself; ' +
    `beyond ${LATE_LIMIT_MS} ms at the 99th percentile no duration is judged.`;
  const head = ['probe', 'one sample', 'a second', 'p50', 'p99', 'max'];
  const waited = cpuWaited(events);
  return group(
    tag('h3', {}, "The prober's own lateness"),
    tag('p', { class: 'note' }, note),
    table(head, rows, [2, 3, 4, 5]),
    waited === undefined ? NOTHING : tag('p', { class: 'note' }, waited),
  );
}

export function environment(verdict: Verdict, events: readonly Stamped[], plan: object | undefined): Markup {
  const { versions, commit, dirty, cell, seed, run, scenario } = verdict;
  const begun = events.find(({ type }) => type === 'run.begin')?.wall;
  const rows = [
    ['substrate', `${verdict.substrate}: ${verdict.substrateReason}`],
    ['scenario', scenario],
    [
      'cell',
      Object.entries(cell)
        .map(([factor, value]) => `${factor} ${value}`)
        .join(', '),
    ],
    ['seed', String(seed)],
    ['run', `${run}${begun === undefined ? '' : `, begun ${begun}`}`],
    ['commit', `${commit ?? 'unknown'}${dirty ? ', with uncommitted changes' : ''}`],
    ...Object.entries(versions),
  ].map(([key = '', value = '']) => [name(key), value]);
  // Line by line: a line break is the one control character that may stay.
  const lines = plan
    ? JSON.stringify(plan, null, 2)
        .split('\n')
        .map((line) => ({ markup: `${tag('span', {}, oneLine(line)).markup}\n` }))
    : [];
  return group(
    section('Do it again', '', tag('pre', { class: 'command' }, verdict.command)),
    section('Where it ran', '', table(['', ''], rows)),
    lines.length > 0
      ? tag('details', {}, tag('summary', {}, 'The plan, as it was run'), tag('pre', {}, ...lines))
      : undefined,
  );
}
