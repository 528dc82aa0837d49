/** Tables and sections, as every page has them. */
import type { Interval } from '@faultline/checker';
import { group, tag, type Markup } from './markup.ts';

export interface Cell {
  readonly text: string | Markup;
  readonly is: string;
}

/** Words for figures that were not measured. */
export const NONE = '–';

export const name = (text: string | Markup): Cell => ({ text, is: 'name' });

/** What is known to be missing, and why. */
export const missing = (text: string): Cell => ({ text, is: 'missing' });

/** @param numeric the columns that hold figures. */
export function table(
  head: readonly (string | Markup)[],
  body: readonly (readonly (string | Cell)[])[],
  numeric: readonly number[] = [],
): Markup {
  const isOf = (index: number): string | undefined => (numeric.includes(index) ? 'n' : undefined);
  const cell = (value: string | Cell, index: number): Markup =>
    typeof value === 'string'
      ? tag('td', { class: isOf(index) }, value)
      : tag('td', { class: [value.is, isOf(index)].filter(Boolean).join(' ') || undefined }, value.text);
  return tag(
    'div',
    { class: 'scroll' },
    tag(
      'table',
      // Figures in front of words: their columns take no more than they need.
      { class: numeric.includes(0) ? 'tight' : undefined },
      tag(
        'thead',
        {},
        tag('tr', {}, ...head.map((text, index) => tag('th', { scope: 'col', class: isOf(index) }, text))),
      ),
      tag('tbody', {}, ...body.map((row) => tag('tr', {}, ...row.map(cell)))),
    ),
  );
}

export function section(title: string, note: string, ...content: readonly Markup[]): Markup {
  return group(tag('h2', {}, title), note === '' ? undefined : tag('p', { class: 'note' }, note), ...content);
}

/** `3.176 to 3.201`, in seconds. */
export function between({ low, high }: Interval): string {
  return [low, high].map((ms) => (ms / 1000).toFixed(Math.abs(ms) < 20_000 ? 3 : 2)).join(' to ');
}
