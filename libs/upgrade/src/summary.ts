/** summary.md of an upgrade: that of any run, with what an upgrade has to say beyond it. */
import { markdown, renderSummary } from '@faultline/report';
import { asRun, type UpgradeReport } from './as-run.ts';
import type { UpgradeVerdict } from './verdict.ts';
import {
  backLines,
  cellOf,
  classesOf,
  columnName,
  columnsOf,
  identityChanges,
  predictionLine,
  preloadAdvice,
  rowsOf,
  secondsOf,
} from './words.ts';

export function renderUpgradeSummary({ events, traffic, verdict }: UpgradeReport): string {
  const columns = columnsOf(verdict);
  const { requests } = verdict;
  const rowOf = (cells: readonly string[]): string => `| ${cells.map(markdown).join(' | ')} |`;
  return [
    renderSummary({ events, verdict: { ...asRun(traffic, verdict), milestones: [] } }),
    '## Every object',
    '',
    `${markdown(predictionLine(verdict))}.`,
    '',
    rowOf(['object', 'asked', ...columns.map((step) => columnName(step, verdict)), 'lint']),
    `|${'---|'.repeat(columns.length + 3)}`,
    ...verdict.cases.flatMap((row) =>
      rowsOf(row).map((assertion) =>
        rowOf([row.case, assertion.what, ...columns.map((step) => cellOf(assertion, step)), row.predicted ?? '']),
      ),
    ),
    '',
    ...backLines(verdict).map((line) => `- ${markdown(line)}`),
    '',
    `## Lost: ${requests.lost} of ${requests.sent} requests`,
    '',
    rowOf(['while', 'connection', 'lost', 'by class', 'from, to']),
    '|---|---|---:|---|---|',
    ...requests.causes.map((one) =>
      rowOf([
        one.cause,
        one.connection,
        String(one.lost),
        classesOf(one),
        `${secondsOf(one.firstS)} to ${secondsOf(one.lastS)}`,
      ]),
    ),
    '',
    "## Helm jobs and Traefik's Service",
    '',
    rowOf(['job', 'chart', 'attempts', 'state', 'on', 'failed of']),
    '|---|---|---:|---|---|---|',
    ...verdict.helm.map(({ job, chart, attempts, state, nodes: where, reasons }) =>
      rowOf([job, chart, String(attempts), state, where.join(', '), reasons.join('; ')]),
    ),
    '',
    ...[...preloadAdvice(verdict), ...serviceLines(verdict)].map((line) => `- ${markdown(line)}`),
    '',
  ].join('\n');
}

function serviceLines(verdict: UpgradeVerdict): readonly string[] {
  const changes = identityChanges(verdict);
  return changes.length > 0 ? changes : ["Traefik's Service kept its object, ClusterIP, NodePorts and addresses"];
}
