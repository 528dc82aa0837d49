/** summary.md of a set. */
import { seconds, type SetVerdict } from '@faultline/checker';
import { code, markdown } from './clean.ts';
import { counted, intervalOf, lostShare, outcomeOf, setHeadline, span, told, typical } from './set.ts';
import { BADGE } from './summary.ts';
import { NONE } from './table.ts';

export function renderSetSummary(set: SetVerdict): string {
  const { envelope, complete, splitBrain, runs, stages } = set;
  const bad = runs.filter(({ outcome }) => outcome !== 'pass');
  return [
    `## ${BADGE[outcomeOf(set)]}: ${markdown(setHeadline(set))}`,
    '',
    `${markdown(set.scenario)}, ${runs.length} runs on one cluster: ${counted(set)}. ` +
      `Complete timelines: ${complete.runs} of ${complete.of}. Two owners at once: ${splitBrain} of ${runs.length}.`,
    '',
    ...(envelope ? [`Expected by ${markdown(envelope.formula)}`, ''] : []),
    '| probe | median | interval of it | least to most | runs | not until healed | unharmed | lost |',
    '|---|---:|---:|---:|---:|---:|---:|---:|',
    ...set.probes.map((probe) => {
      const { outage } = probe;
      const figures = outage ? [intervalOf(outage), span(outage.least, outage.most)] : [NONE, NONE];
      const cells = [typical(probe), ...figures, told(probe), probe.neverEnded, probe.unharmed, lostShare(probe)];
      return `| ${markdown(probe.probe)} | ${cells.join(' | ')} |`;
    }),
    '',
    ...(stages.length > 0 ? stageTable(set) : []),
    ...bad.map(({ folder, outcome, reason }) => `- ${markdown(folder)}: ${outcome}: ${markdown(reason)}`),
    ...(bad.length > 0 ? [''] : []),
    'Again:',
    '',
    ...code(set.command),
    '',
  ].join('\n');
}

function stageTable({ stages }: SetVerdict): readonly string[] {
  return [
    '| stage, from the fault | median | interval of it | runs | missing, and why |',
    '|---|---:|---:|---:|---|',
    ...stages.map(({ stage, at, missing }) => {
      const why = Object.entries(missing).map(([reason, count]) => `${count} ×: ${reason}`);
      const figures = at ? [seconds(at.median), intervalOf(at), at.values.length] : [NONE, NONE, 0];
      return `| ${stage} | ${figures.join(' | ')} | ${markdown(why.join('; '))} |`;
    }),
    '',
  ];
}
