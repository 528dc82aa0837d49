/** summary.md: fits a CI's job summary, and reads as well in a terminal. */
import { seconds, type Milestone, type Verdict } from '@faultline/checker';
import type { Stamped } from '@faultline/history';
import { axis, labelWidth, LEGEND, plainRow, rows } from './blocks.ts';
import { markdown, oneLine } from './clean.ts';
import { picture } from './picture.ts';

const BADGE = { pass: '✅ pass', fail: '❌ fail', inconclusive: '❔ inconclusive' } as const;
const WIDTH = 72;

export function renderSummary({
  events,
  verdict,
}: {
  readonly events: readonly Stamped[];
  readonly verdict: Verdict;
}): string {
  const { substrate, substrateReason, cell, checks, milestones } = verdict;
  const factors = Object.entries(cell)
    .filter(([factor]) => factor !== 'substrate')
    .map(([, value]) => value);
  return [
    `Substrate **${substrate}** (${markdown(substrateReason)}), ${markdown(factors.join(', '))}, seed ${verdict.seed}`,
    '',
    `## ${BADGE[verdict.outcome]}: ${markdown(verdict.headline)}`,
    '',
    `${markdown(verdict.scenario)}: ${markdown(verdict.reason)}`,
    '',
    ...timeline(events, verdict),
    '',
    '| check | outcome | |',
    '|---|---|---|',
    ...checks.map(({ check, outcome, reason }) => `| ${markdown(check)} | ${BADGE[outcome]} | ${markdown(reason)} |`),
    '',
    ...(milestones.length > 0
      ? ['| after the fault | what | by |', '|---:|---|---|', ...milestones.map(milestoneRow), '']
      : []),
    'Again:',
    '',
    ...code(oneLine(verdict.command)),
    '',
  ].join('\n');
}

function milestoneRow({ at, what, detail }: Milestone): string {
  return `| ${seconds(at.estimate)} (${between(at)}) | ${markdown(what)} | ${markdown(detail)} |`;
}

/** `3.176 to 3.201`, in seconds. */
export function between({ low, high }: Milestone['at']): string {
  return [low, high].map((ms) => (ms / 1000).toFixed(Math.abs(ms) < 20_000 ? 3 : 2)).join(' to ');
}

function timeline(events: readonly Stamped[], verdict: Verdict): readonly string[] {
  const drawn = picture(events, verdict);
  const across = drawn.detail ?? drawn.whole;
  const lanes = rows(drawn, verdict, across, WIDTH);
  if (lanes.length === 0) return ['Nothing was sampled.'];
  const width = labelWidth(lanes);
  return code(
    [...lanes.map((row) => plainRow(row, width)), `${' '.repeat(width)} ${axis(across, WIDTH)}`, '', LEGEND].join('\n'),
  );
}

/** A code block whose content cannot end it. */
function code(text: string): readonly string[] {
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  return [`${fence}text`, ...text.split('\n').map(oneLine), fence];
}
