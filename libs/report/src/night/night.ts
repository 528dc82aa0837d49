/** night.html: what a nightly matrix says to whoever comes in the morning. One file, no script, opens offline. */
import type { NightReport } from '@faultline/checker';
import { unbroken } from '../clean.ts';
import { NOTHING, tag, type Markup } from '../markup.ts';
import { page } from '../page.ts';
import { name, section, table } from '../table.ts';
import { failureTable, fresh, standing } from './fresh.ts';
import { grid } from './grid.ts';
import { figureOf, rowTable, type Links } from './rows.ts';
import { NIGHT_STYLE } from './style.ts';
import { quarantined, unreadable, untested } from './unknown.ts';
import { counted, nightHeadline, took } from './words.ts';

export interface NightOptions {
  /** A run's folder, as the night has it -> its page, relative to the night's. */
  readonly links?: Links;
}

export function renderNightHtml(night: NightReport, { links = new Map() }: NightOptions = {}): string {
  const body = tag(
    'main',
    { class: 'wide', 'data-outcome': night.outcome, 'data-night': night.night, 'data-rows': night.rows.length },
    head(night),
    figures(night),
    fresh(night),
    standing(night),
    grid(night),
    mechanisms(night),
    rowTable(night, links),
    failureTable(night),
    untested(night),
    quarantined(night),
    unreadable(night),
  );
  return page(`${night.night} ${night.outcome}: ${nightHeadline(night)}`, body, NIGHT_STYLE);
}

function head(night: NightReport): Markup {
  const { outcome, alarms, doubts, commits, hosts } = night;
  const place = [night.night, ...commits.map((commit) => `commit ${commit}`), ...hosts].join(' · ');
  const reasons = [...alarms, ...doubts];
  return tag(
    'header',
    {},
    tag('p', { class: 'where' }, tag('b', {}, 'matrix'), ` · ${place}`),
    tag('span', { class: `badge ${outcome}` }, outcome),
    tag('h1', {}, unbroken(nightHeadline(night))),
    reasons.length === 0
      ? tag('p', { class: 'reason' }, 'Nothing alarms, and nothing is in doubt.')
      : tag('ul', { class: 'plain' }, ...reasons.map((reason) => tag('li', {}, unbroken(reason)))),
  );
}

function figures({ counts, durationMs, failures, nights }: NightReport): Markup {
  const held = failures.filter(({ quarantine }) => quarantine !== null).length;
  const items: readonly (readonly [string, string, string])[] = [
    ['Passed', String(counts.pass), 'rows'],
    ['Failed', String(counts.fail), held > 0 ? `rows; ${held} of the failures in quarantine` : 'rows'],
    ['In doubt', String(counts.inconclusive), 'rows that could not be judged'],
    ['Not tested', String(counts.skip), 'rows, by name below'],
    ['Took', took(durationMs), `all rows together; ${counted(nights.length, 'night')} shown`],
  ];
  const cells = items.map(([term, value, small]) =>
    tag('div', {}, tag('dt', {}, term), tag('dd', {}, value, tag('small', {}, small))),
  );
  return tag('dl', { class: 'figures' }, ...cells);
}

function mechanisms({ mechanisms: all, nights }: NightReport): Markup {
  if (all.length === 0) return NOTHING;
  const rows = all.map(({ loadBalancer, rows: count, figure }) => [
    name(loadBalancer),
    String(count),
    { text: figureOf(figure, nights), is: '' },
  ]);
  const note =
    'Rows that share a load balancer share its timers: together they show changes that one run a night of each hides. ' +
    'What sets one row apart from the others is taken out.';
  const columns = ['load balancer', 'rows', 'measured, against what is expected'];
  return section('By mechanism', note, tag('div', { class: 'rows' }, table(columns, rows, [1])));
}
