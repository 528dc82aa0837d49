/** Every row, worst first: its verdict, its last nights, how long it took, and what it measured. */
import type { NightFigure, NightReport, NightRow } from '@faultline/checker';
import { group, NOTHING, tag, type Markup } from '../markup.ts';
import { link } from '../page.ts';
import { NONE, section } from '../table.ts';
import { anchor } from './grid.ts';
import { durations, ratios, verdicts } from './spark.ts';
import { cellWords, factorWords, figureWords, took, VERDICTS } from './words.ts';

/** Of a row's runs, by the row and the run's folder: where its page lies, relative to this one. */
export type Links = ReadonlyMap<string, string>;

export function rowTable(night: NightReport, links: Links): Markup {
  const { rows, nights } = night;
  if (rows.length === 0) return NOTHING;
  const first = nights[0] ?? '';
  const note =
    `The bars are the nights from ${first} to ${night.night}: as high as the line is failed, less is in doubt, low is passed, ` +
    'a dash is not tested, a gap is a night without the row. Lines are of the same nights; shaded is what is expected, dashed ' +
    'where a time changed.';
  const columns = ['row', 'tonight', 'nights', 'took', 'measured, against what is expected'];
  const head = tag('tr', {}, ...columns.map((text) => tag('th', { scope: 'col' }, text)));
  const body = rows.map((row, index) => lineOf(row, index, { night, links }));
  const table = tag('table', { class: 'rows' }, tag('thead', {}, head), tag('tbody', {}, ...body));
  return section('Every row', note, tag('div', { class: 'scroll' }, table));
}

interface Context {
  readonly night: NightReport;
  readonly links: Links;
}

function lineOf(row: NightRow, index: number, { night: { nights, rows }, links }: Context): Markup {
  const { verdict, reason, past, durationMs, figures, isQuarantined } = row;
  const label = `${VERDICTS[verdict].sign} ${VERDICTS[verdict].label}`;
  const isTold = verdict !== 'pass';
  return tag(
    'tr',
    { id: anchor(index), 'data-row': row.row, 'data-verdict': verdict },
    tag(
      'td',
      { class: 'name' },
      row.scenario,
      tag('small', {}, cellWords(row.cell, rows)),
      isTold ? tag('small', {}, brief(reason)) : undefined,
      runsOf(row, links),
    ),
    tag(
      'td',
      { class: `figure ${verdict === 'skip' ? 'missing' : verdict}` },
      label,
      isQuarantined ? tag('small', {}, 'quarantine') : undefined,
    ),
    tag('td', {}, verdicts(past, nights)),
    tag('td', { class: 'figure' }, durations(past), ' ', verdict === 'skip' ? NONE : took(durationMs)),
    tag(
      'td',
      { class: 'figure' },
      ...(figures.length === 0 ? [NONE] : figures.map((figure) => figureOf(figure, nights))),
    ),
  );
}

/** The run's own page has all of it. */
const LONGEST = 240;
const brief = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`);

function runsOf({ runs }: NightRow, links: Links): Markup | undefined {
  const there = runs.flatMap(({ folder, verdict }) => {
    const to = folder === null ? undefined : links.get(folder);
    return to === undefined ? [] : [{ to, verdict }];
  });
  if (there.length === 0) return undefined;
  const text = (index: number): string => (there.length === 1 ? 'report of the run' : `run ${index + 1}`);
  const parts = there.map(({ to }, index) => group(index > 0 ? ', ' : '', link(to, text(index))));
  return tag('small', {}, ...parts);
}

export function figureOf(figure: NightFigure, nights: readonly string[]): Markup {
  const { name, change, runs } = figure;
  return tag(
    'div',
    {},
    ratios(figure, nights),
    ' ',
    figureWords(figure),
    tag('small', {}, `${name}${runs > 1 ? `, of ${runs} runs` : ''}`),
    change ? tag('small', {}, `${factorWords(change.factor)} since ${change.night}`) : undefined,
  );
}
