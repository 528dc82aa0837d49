/** The page that says what the corpus came to: written from what was seen, and from nothing else. Pure. */
import { departures, judgeRows, scoreOf, type Departure, type Judged } from './agreement.ts';
import { catchAllCases, ingressCases } from './conformance.ts';
import type { Row } from './row.ts';
import type { RulesSeen } from './rule-traefiks.ts';
import type { ReleaseSeen, RowSeen } from './seen.ts';

export interface Kept {
  readonly rows: readonly Row[];
  /** Oldest first. */
  readonly releases: readonly ReleaseSeen[];
  readonly rules: (RulesSeen & { readonly at: string }) | undefined;
}

export function summaryOf({ rows, releases, rules }: Kept): string {
  const judged = judgeRows(rows, releases);
  const parts = [
    ['# What lint predicts, and what real Traefiks do', '', headOf(rows, releases)],
    ['## Precision and recall', '', ...scores(judged)],
    ['## Rows', '', ROWS_SAID, '', ...rowTable(judged)],
    ['## After the fix', '', ...fixTable(judged)],
    ['## Where rows and Traefiks differ', '', ...departureTable(departures(rows, releases))],
    ['## While an upgrade is stuck', '', ...stuckTable(releases)],
    ['## Scenarios of the Ingress specification', '', ...scenarioTable(releases)],
    ['## Generated rules', '', ...rulesText(rules)],
  ];
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** An upgrade needs something that is upgraded: where there was nothing, that is said. */
function afreshOf(releases: readonly ReleaseSeen[]): string {
  const afresh = releases.slice(1).filter(({ rows }) => Object.values(rows).some(isAfresh));
  const names = afresh.map(({ k3s }) => short(k3s)).join(', ');
  return afresh.length === 0
    ? ''
    : ` Not so on ${names}: there the chart was installed afresh, and what holds an upgrade back shows as refused instead of stuck.`;
}

const isAfresh = ({ chart, older }: RowSeen): boolean =>
  chart !== undefined && chart.arguments.length > 0 && older === undefined;

function headOf(rows: readonly Row[], releases: readonly ReleaseSeen[]): string {
  const seen = releases.map(({ k3s, traefik, at }) => `${k3s} (Traefik ${traefik}, ${at.slice(0, 10)})`).join(', ');
  return (
    `${rows.length} rows of \`libs/traefik/corpus\` on ${seen}; each a k3s of one server. Written by \`npm run corpus\` from the ` +
    'JSON files beside it, never by hand. Rows with values of the chart are upgraded in namespaces of their own, from the chart of ' +
    `the release before, by the same Helm controller, job and chart as k3s' own Traefik.${afreshOf(releases)}`
  );
}

const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ')).join(' | ')} |`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => [
  row(head),
  row(head.map(() => '---')),
  ...rows.map(row),
];

function scores(judged: readonly Judged[]): readonly string[] {
  const pairs = Map.groupBy(judged, ({ from, to }) => `${from} to ${to}`);
  const lines = [...pairs, ['all', judged] as const].map(([pair, some]) => {
    const { trueAlarms, falseAlarms, missed, trueSilences, precision, recall } = scoreOf(some);
    const nothing = some.filter(({ verdict }) => verdict === 'nothing to see').length;
    const counts = [trueAlarms, falseAlarms, missed, trueSilences, nothing].map(String);
    return [pair, ...counts, share(precision), share(recall)];
  });
  const head = [
    'upgrade',
    'true alarms',
    'false alarms',
    'missed',
    'true silences',
    'nothing to see',
    'precision',
    'recall',
  ];
  return [
    'An alarm is a row with a finding of severity breaks or changes; it is true where something was lost: another answer, a value',
    'without effect, an upgrade that is stuck. A warning is no alarm: what it says is still to come.',
    '',
    ...table(head, lines),
  ];
}

const share = (of: number | null): string => (of === null ? '-' : of.toFixed(2));

const ROWS_SAID =
  'Before and after: whether the upgrade came about and which Traefik serves (values only), then the answers to the requests of ' +
  "the row's expect.json, in their order.";

function rowTable(judged: readonly Judged[]): readonly string[] {
  const lines = judged.map(({ row: name, from, to, findings, before, after, verdict }) => [
    name,
    `${short(from)} to ${short(to)}`,
    [...new Set(findings.map(({ rule, severity }) => `${rule} (${severity})`))].join(', ') || '-',
    before || '-',
    after || '-',
    verdict === 'missed' || verdict === 'false alarm' ? `**${verdict}**` : verdict,
  ]);
  return table(['row', 'upgrade', 'lint', 'before', 'after', 'verdict'], lines);
}

const short = (k3s: string): string => k3s.replace(/\+.*$/, '');

function fixTable(judged: readonly Judged[]): readonly string[] {
  const fixed = judged.flatMap(({ fix, ...one }) => (fix ? [{ ...one, fix }] : []));
  const lines = fixed.map(({ row: name, to, before, fix }) => [
    name,
    short(to),
    fix.by,
    before || '-',
    fix.saw || '-',
    fix.came === 'fails' ? '**fails**' : fix.came,
  ]);
  const passed = fixed.filter(({ fix }) => fix.came === 'passes').length;
  const visible = fixed.filter(({ fix }) => fix.came !== 'nothing to see').length;
  return [
    `Of ${visible} mended rows in which something can be seen, ${passed} are after the upgrade what they were before it.`,
    '',
    ...table(['row', 'on', 'mended by', 'before the upgrade', 'after upgrade and fix', 'verdict'], lines),
  ];
}

function departureTable(all: readonly Departure[]): readonly string[] {
  if (all.length === 0) return ['Nowhere: every answer, outcome and argument is the one that the row expects.'];
  return table(
    ['row', 'what', 'expected', 'seen'],
    all.map(({ row: name, what, expected, saw }) => [name, what, expected, saw]),
  );
}

function stuckTable(releases: readonly ReleaseSeen[]): readonly string[] {
  const lines = releases.flatMap(({ k3s, rows }) =>
    Object.entries(rows).flatMap(([name, { chart }]) =>
      chart && chart.outcome !== 'upgraded'
        ? [
            [
              name,
              short(k3s),
              chart.outcome,
              chart.serves ?? '-',
              chart.routes ?? '-',
              chart.routesAfterRestart ?? '-',
              chart.says.slice(-200),
            ],
          ]
        : [],
    ),
  );
  return [
    'What the Traefik that serves on answers to an IngressRoute that is right for every Traefik, and what the job or the new pod says.',
    '',
    ...table(['row', 'on', 'outcome', 'serves', 'IngressRoute', 'after a restart', 'says'], lines),
  ];
}

/** What the specification says is read from the scenarios as they are now; where it says nothing, `-`. */
const SPECIFIED: ReadonlyMap<string, string> = new Map(
  [...ingressCases, ...catchAllCases].flatMap(({ name, assertions }) =>
    assertions.map(({ what, expected }) => [`${name} ${what}`, expected?.to ?? '-'] as const),
  ),
);

function scenarioTable(releases: readonly ReleaseSeen[]): readonly string[] {
  const cases = [...ingressCases, ...catchAllCases].flatMap(({ name, assertions }) =>
    assertions.map(({ what }) => ({ name, what, specified: SPECIFIED.get(`${name} ${what}`) ?? '-' })),
  );
  const sawOn = ({ scenarios }: ReleaseSeen, { name, what }: (typeof cases)[number]) =>
    scenarios[name]?.asked.find((one) => one.what === what)?.saw;
  const isAs = (saw: string | undefined, specified: string) => saw === specified || specified === '-';
  const lines = cases.map((one) => [
    one.name,
    one.what,
    one.specified,
    ...releases.map((release) => {
      const saw = sawOn(release, one);
      return saw === undefined ? 'not run' : isAs(saw, one.specified) ? saw : `**${saw}**`;
    }),
  ]);
  const counts = releases.map((release) => {
    const run = cases.filter((one) => one.specified !== '-' && sawOn(release, one) !== undefined);
    const right = run.filter((one) => isAs(sawOn(release, one), one.specified));
    const so = run.length === 0 ? 'not run' : `${right.length} of ${run.length} as specified`;
    return `${short(release.k3s)} (Traefik ${release.traefik}): ${so}`;
  });
  return [
    `${counts.join('; ')}. Bold: not as the specification says; -: it does not say.`,
    '',
    ...table(['scenario', 'asked', 'specified', ...releases.map(({ k3s }) => short(k3s))], lines),
  ];
}

function rulesText(rules: Kept['rules']): readonly string[] {
  if (!rules) return ['Not run.'];
  const { versions, accepted, leftOut, disagreements, disabled } = rules;
  const left = Object.entries(leftOut).map(([why, count]) => `${why}: ${count}`);
  const said = [
    `${rules.rules} generated rules of v2 (${rules.rewritten} of which the rewrite changes) as routers of Traefik ${versions.v2},`,
    `their rewrites as routers of Traefik ${versions.v3}: of ${rules.requests} requests ${accepted.v2} were accepted by v2 and`,
    `${accepted.v3} by v3; ${disagreements.length} disagreements between the Traefiks, or of one with its grammar in`,
    `\`libs/traefik\`; ${disabled.length} routers were not enabled. Not asked: ${left.join(', ') || 'none'}.`,
  ];
  return [said.join(' '), ...(disagreements.length > 0 ? ['', ...disagreementTable(rules)] : [])];
}

function disagreementTable({ disagreements }: RulesSeen): readonly string[] {
  const lines = disagreements
    .slice(0, 50)
    .map(({ between, rule, rewritten, request, statuses }) => [
      between,
      `\`${rule}\``,
      `\`${rewritten}\``,
      `\`${JSON.stringify(request)}\``,
      `${statuses.v2}, ${statuses.v3}`,
    ]);
  return table(['between', 'v2', 'v3', 'request', 'statuses'], lines);
}
