/** A night in Markdown, for a CI's job summary: what failed, what was skipped and why, what was not run. */
import { percent } from './format.ts';
import type { Result } from './result.ts';
import { coveredShare, notRun, outcomeOfNight, skipsByCapability, type Told } from './tell.ts';

/** A summary is read, not searched: more than that is in results.ndjson. */
const MOST_NAMES = 40;

export function nightSummary(told: Told): string {
  const { plan, results, required } = told;
  const all = [...results.values()];
  const count = (verdict: Result['verdict']): number => all.filter((result) => result.verdict === verdict).length;
  const rest = notRun(told);
  const skips = skipsByCapability(results);
  const skipped = skips.reduce((sum, skip) => sum + skip.count, 0);
  const unit = plan.strength === 2 ? 'pairs' : 'triples';
  const bad = all.filter(({ verdict }) => verdict === 'fail' || verdict === 'inconclusive');
  return [
    `## Night: ${outcomeOfNight(told)}`,
    '',
    `${count('pass')} passed, ${count('fail')} failed, ${count('inconclusive')} inconclusive, ` +
      `${skipped} skipped, ${rest.length} not run, of ${plan.rows.length} rows. ` +
      `${percent(coveredShare(told))} of ${plan.combinations} ${unit} in ${plan.cells} valid cells were run. Seed ${plan.seed}.`,
    '',
    ...table(
      ['row', 'verdict', 'what decided it'],
      bad.map(({ row, verdict, reason }) => [row, verdict, reason]),
    ),
    ...table(
      ['skipped for want of', 'rows', 'how that is known'],
      skips.map(({ capability, count: rows, reason }) => [
        `${capability}${required.includes(capability) ? ' (required)' : ''}`,
        String(rows),
        reason,
      ]),
    ),
    ...table(
      ['no cell has', 'because'],
      plan.untested.map(({ factor, value, reason }) => [`${factor} ${value}`, reason]),
    ),
    ...named(rest.map(({ id }) => id)),
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  return ['', ...[head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(plain).join(' | ')} |`), ''];
}

/** What a cluster says stays in its cell of the table. */
const plain = (text: string): string =>
  text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[|<>`\\]/g, (letter) => `&#${letter.codePointAt(0)};`)
    .slice(0, 300);

function named(rows: readonly string[]): readonly string[] {
  if (rows.length === 0) return [];
  const more = rows.length > MOST_NAMES ? [`- and ${rows.length - MOST_NAMES} more`] : [];
  return ['', 'Planned, and not run:', '', ...rows.slice(0, MOST_NAMES).map((row) => `- ${row}`), ...more, ''];
}
