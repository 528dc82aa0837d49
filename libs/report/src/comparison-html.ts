/** comparison.html: one row for each set, and one picture of all. */
import type { SetVerdict } from '@faultline/checker';
import {
  comparison,
  comparisonHeadline,
  COLUMNS,
  COMPARISON_NOTE,
  type Comparison,
  type ComparisonRow,
  type Figure,
} from './comparison.ts';
import { group, tag, type Markup } from './markup.ts';
import { link, page } from './page.ts';
import { counted } from './set.ts';
import { strip } from './strip.ts';
import { name, section, table, type Cell } from './table.ts';

export interface ComparisonOptions {
  /** Relative addresses of the sets' own pages, in the order of the sets. */
  readonly links?: readonly string[];
}

export function renderComparisonHtml(sets: readonly SetVerdict[], { links = [] }: ComparisonOptions = {}): string {
  const all = comparison(sets);
  const title = `${all.rows.length} sets compared`;
  const scenarios = [...new Set(sets.map(({ scenario }) => scenario))].join(', ');
  const body = tag(
    'main',
    { class: 'wide', 'data-sets': sets.length },
    tag(
      'header',
      {},
      tag('p', { class: 'where' }, tag('b', {}, scenarios), ` · ${substrates(sets)}`),
      tag('h1', {}, 'Who answers for the address, and how soon'),
      tag('p', { class: 'reason' }, `Median outage: ${comparisonHeadline(sets)}.`),
    ),
    section('One row each', COMPARISON_NOTE, rows(all, links), footnotes(all)),
    section(
      'Every run, on one axis',
      'One dot a run. Upright line: the median; across: its interval. Green: what the settings promise, dashed its median.',
      tag('figure', {}, strip(all.strips, 'Outages of all sets')),
    ),
    section('In a sentence', '', sentences(sets, all, links)),
    section('Do it again', '', ...sets.map(({ command }) => tag('pre', { class: 'command' }, command))),
  );
  return page(title, body);
}

function substrates(sets: readonly SetVerdict[]): string {
  const seen = sets.map(({ cell, versions }) => `${cell['substrate'] ?? ''} ${versions['k3s'] ?? ''}`.trim());
  return [...new Set(seen)].filter(Boolean).join(', ');
}

const HEAD = [
  'load balancer, and who holds the address',
  'n',
  ...Object.values(COLUMNS),
  'outage and interval',
  'least to most',
  'theory',
  'measured / theory',
  'lost',
  'two owners',
];
const WORDS = 1;

function rows({ rows: all }: Comparison, links: readonly string[]): Markup {
  const body = all.map((row, index) => cells(row, links[index]));
  return tag('div', { class: 'compact' }, table(HEAD, body, HEAD.map((_, index) => index).slice(WORDS)));
}

function cells(row: ComparisonRow, to: string | undefined): readonly (string | Cell)[] {
  return [
    name(group(link(to, row.label), tag('small', {}, row.mechanism))),
    row.runs,
    ...row.stages.map(noted),
    {
      text: group(
        tag('b', {}, row.outage.text),
        marks(row.outage.notes),
        tag('small', {}, row.interval),
        tag('small', {}, row.probe),
      ),
      is: '',
    },
    row.range,
    noted(row.theory),
    row.ratio,
    row.lost,
    row.hasSplit ? { text: row.split, is: 'fail' } : row.split,
  ];
}

/** Figures without their unit: the note above the table says it. */
const noted = ({ text, notes }: Figure): Cell => ({ text: group(text.replace(/ s$/, ''), marks(notes)), is: '' });

function marks(notes: readonly number[]): Markup | undefined {
  return notes.length > 0 ? tag('sup', {}, notes.join(' ')) : undefined;
}

function footnotes({ footnotes: all }: Comparison): Markup {
  return tag('ol', { class: 'notes' }, ...all.map((text) => tag('li', {}, text)));
}

function sentences(sets: readonly SetVerdict[], { rows: all }: Comparison, links: readonly string[]): Markup {
  const items = sets.map((set, index) =>
    tag(
      'li',
      {},
      all[index]?.sentence,
      ` Runs: ${counted(set)}. `,
      links[index] ? link(links[index], 'its page') : undefined,
    ),
  );
  return tag('ul', { class: 'plain' }, ...items);
}
