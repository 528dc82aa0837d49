/** All rows at a glance: scenarios down, load balancers across, a sign for each row that leads to its line. */
import type { NightReport, NightRow } from '@faultline/checker';
import { NOTHING, tag, type Markup } from '../markup.ts';
import { section } from '../table.ts';
import { cellWords, figureWords, VERDICTS } from './words.ts';

const NOTE =
  'A sign for each row: ✓ passed, ✗ failed, ? in doubt, – not tested. Framed: in quarantine. Underlined twice: a time that ' +
  'changed within these nights.';

export function grid({ rows }: NightReport): Markup {
  if (rows.length === 0) return NOTHING;
  const balancers = distinct(rows.map(balancerOf));
  const scenarios = distinct(rows.map(({ scenario }) => scenario));
  const head = tag('tr', {}, ...['scenario', ...balancers].map((text) => tag('th', { scope: 'col' }, text)));
  const body = scenarios.map((scenario) =>
    tag(
      'tr',
      {},
      tag('th', { scope: 'row' }, scenario),
      ...balancers.map((balancer) => {
        const of = rows.flatMap((row, index) =>
          row.scenario === scenario && balancerOf(row) === balancer ? [sign(row, index, rows)] : [],
        );
        return tag('td', {}, ...of);
      }),
    ),
  );
  const table = tag('table', { class: 'grid' }, tag('thead', {}, head), tag('tbody', {}, ...body));
  return section('The grid', NOTE, tag('div', { class: 'scroll' }, table));
}

export const anchor = (index: number): string => `row-${index}`;

function sign(row: NightRow, index: number, rows: readonly NightRow[]): Markup {
  const { verdict, isQuarantined, figures } = row;
  const { label, sign: text } = VERDICTS[verdict];
  const isChanged = figures.some(({ change }) => change !== null);
  const kind = ['row', verdict, isQuarantined && 'quarantined', isChanged && 'changed'].filter(Boolean).join(' ');
  const times = figures.map((figure) => `; ${figure.name} ${figureWords(figure)}`).join('');
  const title = `${row.scenario}, ${cellWords(row.cell, rows)}: ${label}${times}`;
  return tag('a', { class: kind, href: `#${anchor(index)}`, title, 'aria-label': title }, text);
}

const balancerOf = ({ cell }: NightRow): string => cell['loadBalancer'] ?? 'other';

const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)].toSorted();
