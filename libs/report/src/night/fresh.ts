/** What is new tonight: the first thing that anybody wants to know of a night. */
import type { NightFailure, NightReport, SeriesChange } from '@faultline/checker';
import { group, NOTHING, tag, type Markup } from '../markup.ts';
import { name, section, table } from '../table.ts';
import { changes, factorWords, newChanges, VERDICTS, type ChangedFigure } from './words.ts';

export function fresh(night: NightReport): Markup {
  const items = [
    ...night.failures.filter(({ before, quarantine }) => before === null && quarantine === null).map(failed),
    ...newChanges(night).map(changed),
    ...night.recovered.map(({ row, was, night: when }) =>
      item('pass', 'Recovered', row, `${VERDICTS[was].label} when it ran last, on ${when}`),
    ),
    ...night.quarantine
      .filter(({ state }) => state === 'expired')
      .map(({ fingerprint, owner, until, reason }) =>
        item('fail', 'Quarantine over', `${fingerprint} (${owner})`, `until ${until}: ${reason}`),
      ),
  ];
  const nothing = tag('p', { class: 'note' }, 'Nothing: no new failure, none that went away, no time that changed.');
  return section('New tonight', '', items.length === 0 ? nothing : tag('ul', { class: 'news' }, ...items));
}

function item(kind: string, what: string, of: string, detail: string): Markup {
  return tag('li', { class: kind }, tag('b', {}, `${what}: `), of, tag('small', {}, detail));
}

function failed({ verdict, parts: [scenario, failure], reason, rows, fingerprint }: NightFailure): Markup {
  const what = verdict === 'fail' ? 'New failure' : 'New doubt';
  const where = rows.length === 1 ? (rows[0] ?? '') : `${rows.length} rows, the first ${rows[0] ?? ''}`;
  return item(verdict, what, `${scenario}: ${failure}`, `${where}: ${reason} (${fingerprint})`);
}

function changed({ of, figure: { name: time, change } }: ChangedFigure): Markup {
  if (!change) return group();
  const { factor, night } = change;
  const words = `${time} is ${factorWords(factor)} since ${night}`;
  const detail = `${suspects(change)}; by chance: ${odds(change)}`;
  return item(factor > 1 ? 'fail' : 'pass', factor > 1 ? 'Slower' : 'Faster', `${of}: ${words}`, detail);
}

/** What else was new that night. */
function suspects({ commits, hosts }: SeriesChange): string {
  const [before, after] = commits.map((commit) => commit ?? 'unknown');
  const commit = before === after ? `the same commit, ${before}` : `commit ${before}, then ${after}`;
  return hosts[0] === hosts[1] ? commit : `${commit}; machine ${hosts[0]}, then ${hosts[1]}`;
}

const odds = ({ chance }: SeriesChange): string =>
  chance < 1e-6 ? 'less than 1 in a million' : `1 in ${Math.round(1 / chance).toLocaleString('en')}`;

/** Told in an earlier night, and still so. */
export function standing(night: NightReport): Markup {
  const old = changes(night).filter(({ figure }) => !figure.change?.isNew);
  if (old.length === 0) return NOTHING;
  const body = old.flatMap(({ of, figure: { name: time, change } }) =>
    change
      ? [
          [
            name(of),
            { text: time, is: '' },
            factorWords(change.factor),
            change.night,
            { text: suspects(change), is: 'wrap' },
            odds(change),
          ],
        ]
      : [],
  );
  const columns = ['where', 'time', 'is', 'since', 'what else was new', 'by chance'];
  return section('Changed in an earlier night', '', tag('div', { class: 'changes' }, table(columns, body)));
}

export function failureTable({ failures }: NightReport): Markup {
  if (failures.length === 0) return group();
  const body = failures.map(({ fingerprint, parts, rows, first, before, count, nights, quarantine }) => [
    { text: tag('code', {}, fingerprint), is: 'name' },
    { text: group(`${parts[0]}: ${parts[1]}`, tag('small', {}, `last event: ${parts[2]}`)), is: 'wrap' },
    String(rows.length),
    before === null ? 'tonight' : first,
    `${count} in ${nights} ${nights === 1 ? 'night' : 'nights'}`,
    {
      text: quarantine ? `${quarantine.owner} until ${quarantine.until}: ${quarantine.reason}` : 'no',
      is: quarantine ? 'wrap' : 'missing',
    },
  ]);
  const columns = ['fingerprint', 'failure', 'rows', 'first seen', 'ever', 'quarantine'];
  const note =
    'One line for each failure, wherever it struck: scenario, verdict and class, and what the run wrote last.';
  return section('Failures and doubts', note, tag('div', { class: 'failures' }, table(columns, body, [2])));
}
