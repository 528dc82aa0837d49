/** summary.md: fits a CI's job summary, and reads as well in a terminal. */
import { seconds, type Milestone, type Verdict } from '@faultline/checker';
import type { Stamped } from '@faultline/history';
import { cpuWaited } from './cpu.ts';
import { axis, labelWidth, LEGEND, plainRow, rows } from './blocks.ts';
import { code, markdown, oneLine } from './clean.ts';
import { between } from './table.ts';
import { against } from './envelope.ts';
import { faultLines, zeroName } from './faults.ts';
import { told } from './owner.ts';
import { picture } from './picture.ts';
import { refusedAmongTimeouts } from './refused.ts';
import { stageRows } from './stages.ts';
import { sweepLines } from './sweep.ts';

export const BADGE = { pass: '✅ pass', fail: '❌ fail', inconclusive: '❔ inconclusive' } as const;
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
    ...stageRows(verdict),
    ...notes(events, verdict),
    '| check | outcome | |',
    '|---|---|---|',
    ...checks.map(({ check, outcome, reason }) => `| ${markdown(check)} | ${BADGE[outcome]} | ${markdown(reason)} |`),
    '',
    ...faultLines(verdict, events),
    ...(milestones.length > 0
      ? [`| after ${zeroName(verdict)} | what | by |`, '|---:|---|---|', ...milestones.map(milestoneRow), '']
      : []),
    ...sweepLines(events),
    'Again:',
    '',
    ...code(oneLine(verdict.command)),
    '',
  ].join('\n');
}

/** Who answered for the address, what was promised, why a refusing address looks silent, and whether the host had room. */
function notes(events: readonly Stamped[], verdict: Verdict): readonly string[] {
  const { owners, outage } = picture(events, verdict);
  const who = told(owners);
  const said = [
    who === undefined ? undefined : `Who answers for the address, from the fault on: ${who}.`,
    verdict.envelope
      ? `${against(verdict.envelope, outage?.duration)} Formula: ${verdict.envelope.formula}`
      : undefined,
    refusedAmongTimeouts(verdict),
    cpuWaited(events),
  ];
  return said.flatMap((line) => (line === undefined ? [] : [markdown(line), '']));
}

function milestoneRow({ at, what, detail }: Milestone): string {
  return `| ${seconds(at.estimate)} (${between(at)}) | ${markdown(what)} | ${markdown(detail)} |`;
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
