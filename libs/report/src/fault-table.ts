/** Faults by backends, as a page and as Markdown: what clients saw, and why there is nothing where there is nothing. */
import {
  percent,
  seconds,
  written,
  type FaultEntry,
  type FaultRow,
  type FaultRun,
  type FaultTable,
} from '@faultline/checker';
import { markdown, unbroken } from './clean.ts';
import { group, tag, type Markup } from './markup.ts';
import { link, page } from './page.ts';
import { missing, name, NONE, section, table, type Cell } from './table.ts';

const TITLE = 'What clients see of each fault, with each backend';

const NOTE =
  'Each cell is what runs wrote: the verdict; how long the address was out for clients, or the share of requests that was lost ' +
  'and for how long, with its bound; how many cells of the sweep (who reaches whom, while the fault was in force) were lost; ' +
  'and when all was good again. Of several runs the least and the most. An empty cell was not run.';

export function faultTableHeadline({ rows, columns, counts }: FaultTable): string {
  const told = Object.entries(counts).map(([outcome, count]) => `${outcome} ${count}`);
  const scenarios = rows.length === 1 ? '1 scenario' : `${rows.length} scenarios`;
  return `${scenarios} on ${columns.join(', ')}: ${told.join(', ') || 'nothing was run'}.`;
}

/** One line each, what mattered most first. As in sets, what cannot be judged says nothing of the fault but why. */
export function entryLines({ runs, skipped }: FaultEntry): readonly string[] {
  if (skipped !== null) return [`skipped: ${skipped}`];
  const conclusive = runs.filter(({ outcome }) => outcome !== 'inconclusive');
  const seen = conclusive.length === 0 ? [] : [clientsSaw(conclusive), swept(conclusive), recovered(conclusive)];
  return [...seen, ...doubts(runs)].filter((line) => line !== '');
}

function clientsSaw(runs: readonly FaultRun[]): string {
  const struck = runs.flatMap(({ out }) => out ?? []);
  if (struck.length === 0) return lossOnly(runs);
  const partial = struck.filter(({ share }) => share < 1);
  const open = struck.filter(({ high }) => high === null);
  const shares = partial.map(({ share }) => share);
  const what = partial.length === struck.length ? `lost ${range(shares, percent)} for` : 'out for';
  const [first] = struck;
  const long =
    struck.length === 1 && first
      ? written(first)
      : range(
          struck.map(({ estimate }) => estimate),
          seconds,
        );
  const end = open.length === 0 ? '' : `, not over at the end${struck.length > 1 ? ` in ${open.length}` : ''}`;
  const none = runs.length - struck.length;
  return `${what} ${long}${end}${none > 0 ? `; no outage in ${none} of ${runs.length}` : ''}`;
}

function lossOnly(runs: readonly FaultRun[]): string {
  const [lost, sent] = [runs.reduce((sum, run) => sum + run.lost, 0), runs.reduce((sum, run) => sum + run.sent, 0)];
  if (sent === 0) return 'no client was watched';
  return lost === 0 ? `no loss (of ${sent})` : `lost ${lost} of ${sent}`;
}

function range(values: readonly number[], say: (value: number) => string): string {
  const sorted = values.toSorted((a, b) => a - b);
  const [least, most] = [say(sorted[0] ?? NaN), say(sorted.at(-1) ?? NaN)];
  return least === most ? least : `${least} to ${most}`;
}

function swept(runs: readonly FaultRun[]): string {
  const found = runs.flatMap(({ sweep }) => sweep ?? []);
  if (found.length === 0) return '';
  const of = range(
    found.map((one) => one.of),
    String,
  );
  const some = Math.max(...found.map((one) => one.some));
  const lost = range(
    found.map((one) => one.lost),
    String,
  );
  return `sweep: ${lost} of ${of} lost${some > 0 ? `, ${some} in part` : ''}`;
}

function recovered(runs: readonly FaultRun[]): string {
  const found = Map.groupBy(
    runs.flatMap((run) => run.recovered ?? []),
    ({ since }) => since,
  );
  const lines = [...found].map(([since, of]) => {
    const times = of.map(({ afterMs }) => afterMs);
    return `${range(times, seconds)} after ${since}`;
  });
  return lines.length === 0 ? '' : `good again ${lines.join('; ')}`;
}

/** Why what did not pass did not. */
function doubts(runs: readonly FaultRun[]): readonly string[] {
  const bad = runs.filter(({ outcome }) => outcome !== 'pass');
  // The verdict of a single run stands in front of it.
  const prefix = (outcome: string): string => (runs.length === 1 ? '' : `${outcome}: `);
  return [...new Set(bad.map(({ outcome, reason }) => `${prefix(outcome)}${brief(reason)}`))];
}

/** The run's own page has all of it. */
const LONGEST = 240;
const brief = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`);

/** `pass`, or `pass 9, fail 1`. */
export function verdictOf({ counts, runs, skipped }: FaultEntry): string {
  if (skipped !== null) return 'skipped';
  const told = Object.entries(counts);
  return runs.length === 1 ? (told[0]?.[0] ?? '') : told.map(([outcome, count]) => `${outcome} ${count}`).join(', ');
}

export function renderFaultTableHtml(faults: FaultTable): string {
  const body = tag(
    'main',
    { class: 'wide', 'data-rows': faults.rows.length, 'data-columns': faults.columns.length },
    tag(
      'header',
      {},
      tag('p', { class: 'where' }, tag('b', {}, 'faults compared'), ` · ${faults.versions.join(', ')}`),
      tag('h1', {}, TITLE),
      tag('p', { class: 'reason' }, faultTableHeadline(faults)),
    ),
    section(
      'One row each',
      NOTE,
      tag('div', { class: 'compact' }, table(['scenario and fault', ...faults.columns], faults.rows.map(cellsOf))),
    ),
    section('Made of', '', tag('p', { class: 'note' }, `Runs of the commits ${faults.commits.join(', ') || 'none'}.`)),
  );
  return page(TITLE, body);
}

function cellsOf({ scenario, faults, cells }: FaultRow): readonly Cell[] {
  return [
    name(group(scenario, ...faults.map((fault) => tag('small', {}, fault)))),
    ...cells.map((entries) => (entries.length === 0 ? missing(NONE) : { text: group(...entries.map(entry)), is: '' })),
  ];
}

const WORST = ['fail', 'inconclusive', 'pass'] as const;

function entry(one: FaultEntry): Markup {
  const worst = WORST.find((outcome) => (one.counts[outcome] ?? 0) > 0) ?? 'missing';
  const [first, ...others] = entryLines(one);
  const to = one.runs.at(-1)?.folder;
  return tag(
    'div',
    { 'data-entry': worst },
    one.label === '' ? undefined : tag('small', {}, tag('b', {}, one.label)),
    tag(
      'span',
      { class: `verdict ${worst}` },
      link(to === undefined ? undefined : `${to}/report.html`, verdictOf(one)),
    ),
    ' ',
    unbroken(first ?? ''),
    ...others.map((line) => tag('small', {}, unbroken(line))),
  );
}

export function renderFaultTableSummary(faults: FaultTable): string {
  const head = ['scenario and fault', ...faults.columns.map(markdown)];
  return [
    `## ${TITLE}`,
    '',
    markdown(faultTableHeadline(faults)),
    '',
    NOTE,
    '',
    `| ${head.join(' | ')} |`,
    `|${'---|'.repeat(head.length)}`,
    ...faults.rows.map(({ scenario, faults: kinds, cells }) => {
      const first = [`**${markdown(scenario)}**`, ...kinds.map(markdown)].join('<br>');
      const others = cells.map((entries) => (entries.length === 0 ? NONE : entries.map(entryText).join('<br>')));
      return `| ${[first, ...others].join(' | ')} |`;
    }),
    '',
    `Runs of ${markdown(faults.versions.join(', '))}; commits ${markdown(faults.commits.join(', ') || 'none')}.`,
    '',
  ].join('\n');
}

function entryText(one: FaultEntry): string {
  const label = one.label === '' ? '' : `*${markdown(one.label)}*: `;
  const lines = entryLines(one).map(markdown);
  return `${label}${one.skipped === null ? `**${verdictOf(one)}** ` : ''}${lines.join('<br>')}`;
}
