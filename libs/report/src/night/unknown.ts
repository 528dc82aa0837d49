/** What nobody knows of a night, and what was put aside: never silent. */
import type { NightReport } from '@faultline/checker';
import { group, NOTHING, tag, type Markup } from '../markup.ts';
import { name, section, table } from '../table.ts';
import { counted } from './words.ts';

/** More names than that help nobody: night.json has them all. */
const MOST_NAMES = 12;

export function untested({ untested: { skips, beyondBudget, gone, shards } }: NightReport): Markup {
  const lines = [
    ...skips.map(({ capability, reason, rows }) => [`lacks ${capability}`, reason, rows] as const),
    ['beyond the budget', 'the night was over before their turn came', beyondBudget] as const,
    ['in the night before only', 'not planned tonight', gone] as const,
    ['shards that handed in nothing', 'what became of their rows is not known', shards] as const,
  ].filter(([, , of]) => of.length > 0);
  const note = 'No row here says anything about k3s.';
  const body = lines.map(([what, why, of]) => [
    name(what),
    String(of.length),
    { text: group(why, tag('small', {}, names(of))), is: 'wrap' },
  ]);
  const nothing = tag('p', { class: 'note' }, 'Every row of the plan was run.');
  const said =
    lines.length === 0 ? nothing : tag('div', { class: 'failures' }, table(['why', 'how many', ''], body, [1]));
  return section('Not tested', lines.length === 0 ? '' : note, said);
}

function names(of: readonly string[]): string {
  const rest = of.length - MOST_NAMES;
  return [...of.slice(0, MOST_NAMES), ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ');
}

export function quarantined({ quarantine }: NightReport): Markup {
  if (quarantine.length === 0) return NOTHING;
  const says = {
    holds: 'holds: the failure is there',
    idle: 'idle: the failure was not seen tonight, the entry can go',
    expired: 'over: the night fails until it is mended or asked for again',
  };
  const body = quarantine.map(({ fingerprint, owner, reason, until, state }) => [
    { text: tag('code', {}, fingerprint), is: 'name' },
    owner,
    { text: reason, is: 'wrap' },
    until,
    { text: says[state], is: state === 'expired' ? 'fail' : '' },
  ]);
  return section('Quarantine', '', table(['fingerprint', 'owner', 'why', 'until', 'tonight'], body));
}

export function unreadable({ unreadable: all }: NightReport): Markup {
  if (all.length === 0) return NOTHING;
  const note = `${counted(all.length, 'place')} of the history cannot be read. Nothing else is lost.`;
  return section(
    'Unreadable',
    note,
    table(
      ['place', 'why'],
      all.map(({ place, why }) => [name(place), { text: why, is: 'wrap' }]),
    ),
  );
}
