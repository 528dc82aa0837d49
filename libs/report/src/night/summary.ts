/** summary.md of a night: what is new first, for a CI's job summary. */
import type { NightFailure, NightReport, NightRow } from '@faultline/checker';
import { markdown } from '../clean.ts';
import { BADGE } from '../summary.ts';
import { changes, counted, factorWords, figureWords, nightHeadline, VERDICTS } from './words.ts';

/** A job summary is read on a telephone, too; the page has all rows. */
const MOST = 50;

export function renderNightSummary(night: NightReport): string {
  const { outcome, alarms, doubts, recovered, failures, rows } = night;
  const bad = rows.filter(({ verdict }) => verdict === 'fail' || verdict === 'inconclusive');
  return [
    `## ${BADGE[outcome]}: ${markdown(nightHeadline(night))}`,
    '',
    `Night ${markdown(night.night)}, commits ${markdown(night.commits.join(', ') || 'unknown')}, on ${markdown(night.hosts.join(', '))}.`,
    '',
    ...list('Look at', [...alarms, ...doubts]),
    ...list(
      'Recovered',
      recovered.map(({ row, was, night: when }) => `${row} (${VERDICTS[was].label} on ${when})`),
    ),
    ...list('Times that changed', changedLines(night)),
    ...(failures.length > 0 ? failureLines(failures) : []),
    ...(bad.length > 0 ? rowLines(bad) : []),
    ...list('Not tested', untestedLines(night)),
    ...list('Quarantine', quarantineLines(night)),
    ...list(
      'Unreadable',
      night.unreadable.map(({ place, why }) => `${place}: ${why}`),
    ),
  ].join('\n');
}

function list(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  const rest = lines.length - MOST;
  const shown = [...lines.slice(0, MOST), ...(rest > 0 ? [`and ${rest} more`] : [])];
  return [`### ${title}`, '', ...shown.map((line) => `- ${markdown(line)}`), ''];
}

function changedLines(night: NightReport): readonly string[] {
  return changes(night).flatMap(({ of, figure: { name, change } }) =>
    change
      ? [`${change.isNew ? 'new: ' : ''}${of}: ${name} is ${factorWords(change.factor)} since ${change.night}`]
      : [],
  );
}

function failureLines(failures: readonly NightFailure[]): readonly string[] {
  return [
    '### Failures and doubts',
    '',
    '| fingerprint | failure | rows | first seen | ever | quarantine |',
    '|---|---|---:|---|---:|---|',
    ...failures.map(({ fingerprint, parts, rows, first, before, count, quarantine }) => {
      const until = quarantine ? `${quarantine.owner} until ${quarantine.until}` : 'no';
      const cells = [fingerprint, `${parts[0]}: ${parts[1]}`, String(rows.length), before === null ? 'tonight' : first];
      return `| ${[...cells, String(count), until].map(markdown).join(' | ')} |`;
    }),
    '',
  ];
}

function rowLines(rows: readonly NightRow[]): readonly string[] {
  const lines = rows.slice(0, MOST).map(({ row, verdict, reason, figures }) => {
    const times = figures.map((figure) => `${figure.name} ${figureWords(figure)}`).join('; ');
    return `| ${[row, VERDICTS[verdict].label, reason, times].map(markdown).join(' | ')} |`;
  });
  const rest = rows.length - lines.length;
  return [
    '### Rows that did not pass',
    '',
    '| row | verdict | what decided it | measured |',
    '|---|---|---|---|',
    ...lines,
    ...(rest > 0 ? [`| and ${rest} more | | | |`] : []),
    '',
  ];
}

function untestedLines({ untested: { skips, beyondBudget, gone, shards } }: NightReport): readonly string[] {
  return [
    ...skips.map(({ capability, reason, rows }) => `lacks ${capability}: ${counted(rows.length, 'row')} (${reason})`),
    ...(beyondBudget.length > 0 ? [`beyond the budget: ${counted(beyondBudget.length, 'row')}`] : []),
    ...(gone.length > 0 ? [`in the night before only: ${counted(gone.length, 'row')}`] : []),
    ...(shards.length > 0 ? [`shards that handed in nothing: ${shards.join(', ')}`] : []),
  ];
}

function quarantineLines({ quarantine }: NightReport): readonly string[] {
  return quarantine.map(
    ({ fingerprint, owner, until, state, reason }) => `${fingerprint}: ${state}, ${owner} until ${until}: ${reason}`,
  );
}
