/** The failover, stage by stage: when each was reached, or why it has no time. */
import { seconds, type StageTime, type Verdict } from '@faultline/checker';
import { markdown } from './clean.ts';
import { zeroName } from './faults.ts';
import { NOTHING, type Markup } from './markup.ts';
import { between, missing, name, NONE, section, table } from './table.ts';

const NOTE =
  'Seconds from ZERO in force, each with the interval in which it lies. A stage without a time names the reason in grey.';

export function stages(verdict: Verdict): Markup {
  const { timeline } = verdict;
  if (timeline.length === 0) return NOTHING;
  const rows = timeline.map(({ stage, at, detail }) =>
    at
      ? [seconds(at.estimate), between(at), name(stage), detail]
      : [missing(NONE), missing(''), name(stage), missing(detail)],
  );
  return section(
    'The failover, stage by stage',
    NOTE.replace('ZERO', zeroName(verdict)),
    table(['at', 'between, s', 'stage', 'who, or why not'], rows, [0, 1]),
  );
}

/** `detected 4.91 s → new owner 5.12 s → neighbour updated –`: for a terminal. */
export function stageLine({ timeline }: Verdict): string | undefined {
  const shown = timeline.filter(({ stage }) => stage !== 'fault in force');
  return shown.length === 0 ? undefined : shown.map((one) => `${one.stage} ${figure(one)}`).join(' → ');
}

/** A table of one row, and a line for each stage that is missing: for Markdown. */
export function stageRows({ timeline }: Verdict): readonly string[] {
  const shown = timeline.filter(({ stage }) => stage !== 'fault in force');
  if (shown.length === 0) return [];
  const reasons = shown.flatMap(({ stage, at, detail }) => (at ? [] : [`- ${stage}: ${markdown(detail)}`]));
  return [
    `| ${shown.map(({ stage }) => stage).join(' | ')} |`,
    `|${shown.map(() => '---:|').join('')}`,
    `| ${shown.map(figure).join(' | ')} |`,
    '',
    ...(reasons.length > 0 ? ['Without a time:', '', ...reasons, ''] : []),
  ];
}

const figure = ({ at }: StageTime): string => (at ? seconds(at.estimate) : NONE);
