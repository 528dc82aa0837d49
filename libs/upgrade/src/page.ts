/** report.html of an upgrade: the page of any run, with what an upgrade has to say beyond it. */
import { group, name, NONE, renderHtml, section, table, tag, type Cell, type Markup } from '@faultline/report';
import { asRun, type UpgradeReport } from './as-run.ts';
import type { CaseRow, UpgradeVerdict } from './verdict.ts';
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

export function renderUpgradeHtml({ events, plan, traffic, verdict }: UpgradeReport): string {
  return renderHtml({
    events,
    verdict: asRun(traffic, verdict),
    plan: { ...plan, expectations: [] },
    sections: [
      matrix(verdict),
      wayBack(verdict),
      losses(verdict),
      nodes(verdict),
      helm(verdict),
      identity(verdict),
      routers(verdict),
      warnings(verdict),
    ],
  });
}

function matrix(verdict: UpgradeVerdict): Markup {
  const columns = columnsOf(verdict);
  const head = ['object', 'asked', ...columns.map((step) => columnName(step, verdict)), 'lint'];
  const rows = verdict.cases.flatMap((row) =>
    rowsOf(row).map((assertion, index): readonly (string | Cell)[] => [
      index === 0 ? name(row.case) : '',
      assertion.what,
      ...columns.map((step): Cell => ({
        text:
          assertion.asExpected[step] === false
            ? tag('b', {}, `${cellOf(assertion, step)} (unexpected)`)
            : cellOf(assertion, step),
        is: '',
      })),
      index === 0 ? predicted(row) : '',
    ]),
  );
  return section('Every object, before, beside and after', `${predictionLine(verdict)}.`, table(head, rows));
}

function predicted({ predicted: worst, findings }: CaseRow): Cell {
  if (worst === null) return { text: NONE, is: 'missing' };
  const rules = [...new Set(findings.map(({ rule }) => rule))].join(', ');
  return { text: group(worst, tag('small', {}, rules)), is: '' };
}

function wayBack(verdict: UpgradeVerdict): Markup {
  const lines = backLines(verdict);
  return lines.length === 0 ? group() : section('And back', '', list(lines));
}

function losses(verdict: UpgradeVerdict): Markup {
  const { sent, lost, causes } = verdict.requests;
  const rows = causes.map((cause) => [
    name(cause.cause),
    cause.connection,
    String(cause.lost),
    classesOf(cause),
    `${secondsOf(cause.firstS)} to ${secondsOf(cause.lastS)}`,
  ]);
  const note =
    `${lost} of ${sent} requests were lost from the first node on, each counted by what was going on when it was due. ` +
    'Seconds from the stop of the first node.';
  return section(
    'Lost requests, by cause',
    note,
    table(['while', 'connection', 'lost', 'by class', 'from, to'], rows, [2]),
  );
}

function nodes({ nodes: all }: UpgradeVerdict): Markup {
  const rows = all.map(({ node, from, to, beginS, endS, error }) => [
    name(node),
    `${from} → ${to}`,
    secondsOf(beginS),
    endS === null ? 'never' : secondsOf(endS),
    error ?? '',
  ]);
  const note = 'A node is away from its stop until its pods, and those of Traefik, run again.';
  return section('The nodes', note, table(['node', 'release', 'away at', 'back at', ''], rows, [2, 3]));
}

function helm(verdict: UpgradeVerdict): Markup {
  const rows = verdict.helm.map(({ job, chart, attempts, state, nodes: where, reasons }) => [
    name(job),
    chart,
    String(attempts),
    state,
    where.join(', '),
    reasons.join('; '),
  ]);
  return section(
    "Traefik's Helm jobs",
    '',
    table(['job', 'chart', 'attempts', 'state', 'on', 'failed of'], rows, [2]),
    list(preloadAdvice(verdict)),
  );
}

function identity(verdict: UpgradeVerdict): Markup {
  const rows = verdict.services.map(({ step, uid, clusterIP, nodePorts, addresses }) => [
    name(columnName(step, verdict)),
    clusterIP,
    Object.entries(nodePorts)
      .map(([port, number]) => `${port} ${number}`)
      .join(', '),
    addresses.join(', '),
    uid,
  ]);
  const changes = identityChanges(verdict);
  const note = changes.length === 0 ? 'It is the same object throughout.' : changes.join('; ');
  return section("Traefik's Service", note, table(['when', 'ClusterIP', 'NodePorts', 'addresses', 'uid'], rows));
}

const MOST_LINES = 200;

function routers({ routers: compared, traefik }: UpgradeVerdict): Markup {
  if (!compared) return section('What both make of the same objects', 'Not compared: there was none beside.');
  const note =
    `${compared.old} routers of ${traefik.from}, ${compared.beside} of ${traefik.to}, from the same objects; compared without ` +
    `priorities and the addresses of pods. ${compared.differs.length} lines differ: - only old, + only new, ~ otherwise.`;
  return section('What both make of the same objects', note, list(compared.differs.slice(0, MOST_LINES)));
}

function warnings({ notes }: UpgradeVerdict): Markup {
  return notes.length === 0 ? group() : section('Besides', '', list([...new Set(notes)]));
}

const list = (lines: readonly string[]): Markup =>
  lines.length === 0 ? group() : tag('ul', { class: 'plain' }, ...lines.map((line) => tag('li', {}, line)));
