/** What lint predicts of the rows, held against what was seen of them on the releases before and after. Pure. */
import { lint, releaseOf, type Severity } from '@faultline/traefik';
import { calledAs, expectedOf, NO_ANSWER, NO_TRAEFIK } from './expected.ts';
import type { Row } from './row.ts';
import type { ReleaseSeen, RowSeen } from './seen.ts';

/**
 * `lost`: something that was there before is not there after, or is otherwise. `gained`: what nobody answered is answered.
 * `nothing to see`: the row asks nothing that could differ.
 */
export type Change = 'same' | 'lost' | 'gained' | 'nothing to see';

export type Verdict = 'true alarm' | 'false alarm' | 'missed' | 'true silence' | 'nothing to see';

export interface Judged {
  readonly row: string;
  readonly from: string;
  readonly to: string;
  readonly findings: readonly { readonly rule: string; readonly severity: Severity }[];
  readonly before: string;
  readonly after: string;
  readonly change: Change;
  readonly verdict: Verdict;
  /** After the fix, on the release after; undefined: nothing was fixed. */
  readonly fix:
    | { readonly by: string; readonly came: 'passes' | 'fails' | 'nothing to see'; readonly saw: string }
    | undefined;
}

/** The pairs of each row's expect.json of which both releases were seen. */
export function judgeRows(rows: readonly Row[], releases: readonly ReleaseSeen[]): readonly Judged[] {
  return rows.flatMap((row) =>
    row.expectation.lint.flatMap(({ from, to }) => {
      const [before, after] = [from, to].map((k3s) => releases.find((one) => one.k3s === k3s)?.rows[row.name]);
      return before && after ? [judge(row, { from, to }, before, after)] : [];
    }),
  );
}

function judge(row: Row, { from, to }: { from: string; to: string }, before: RowSeen, anew: RowSeen): Judged {
  const upgrade = { from: releaseOf(from), to: releaseOf(to) };
  // What was applied before the upgrade is there after it, and not what lies in the file.
  const after = upgrade.from.generation === 'v2' && anew.stored ? { ...anew, ...anew.stored } : anew;
  const { findings } = lint([{ file: row.name, text: row.manifest }], upgrade);
  const change = changeOf(row, before, after);
  const isAlarm = findings.some(({ severity }) => severity !== 'warns');
  return {
    row: row.name,
    from,
    to,
    findings: findings.map(({ rule, severity }) => ({ rule, severity })),
    before: wordsOf(row, before),
    after: wordsOf(row, after),
    change,
    verdict: verdictOf(isAlarm, change),
    fix: fixOf(row, before, after),
  };
}

function verdictOf(isAlarm: boolean, change: Change): Verdict {
  if (change === 'nothing to see') return change;
  if (change === 'lost') return isAlarm ? 'true alarm' : 'missed';
  return isAlarm ? 'false alarm' : 'true silence';
}

function changeOf(row: Row, before: RowSeen, after: RowSeen): Change {
  if (!after.chart && after.saw.length === 0) return 'nothing to see';
  const isHeldBack = before.chart?.outcome === 'upgraded' && after.chart && after.chart.outcome !== 'upgraded';
  if (isHeldBack || (hasArgument(row, before) && !hasArgument(row, after))) return 'lost';
  // On a release where no Traefik of its own runs, definitions alone were applied.
  if (!before.chart && after.chart && after.chart.outcome !== 'upgraded') return 'lost';
  const changes = after.saw.map((saw, index) => changed(before.saw[index] ?? '', saw));
  return changes.find((one) => one === 'lost') ?? changes.find((one) => one === 'gained') ?? 'same';
}

function changed(before: string, after: string): Change {
  if (before === after) return 'same';
  const wasNobody = [NO_ANSWER, NO_TRAEFIK, '404'].includes(before);
  return wasNobody && /^[23]/.test(after) ? 'gained' : 'lost';
}

const hasArgument = ({ expectation: { argument } }: Row, { chart }: Pick<RowSeen, 'chart'>): boolean =>
  argument !== undefined && (chart?.arguments.some((given) => given.includes(argument.has)) ?? false);

/** What was seen of a row, in one cell of a table. */
export function wordsOf(row: Row, { applied, chart, saw }: Pick<RowSeen, 'applied' | 'chart' | 'saw'>): string {
  const { argument } = row.expectation;
  const parts = [
    ...(applied === 'applied' ? [] : ['not applied']),
    ...(chart ? [chart.serves ? `${chart.outcome}, ${chart.serves}` : chart.outcome] : []),
    ...(argument && chart ? [`${hasArgument(row, { chart }) ? '' : 'no '}\`${argument.has}\``] : []),
    ...saw,
  ];
  return parts.join(', ');
}

/** It passes where it is as it was before the upgrade. */
function fixOf(row: Row, before: RowSeen, { fixed }: RowSeen): Judged['fix'] {
  if (!fixed) return undefined;
  const saw = wordsOf(row, fixed);
  const isSeen = fixed.applied === 'applied' && (fixed.chart !== undefined || fixed.saw.length > 0);
  if (!isSeen) return { by: fixed.by, saw, came: 'nothing to see' };
  const isServed = fixed.chart === undefined || fixed.chart.outcome === 'upgraded';
  const isSame = before.chart?.outcome === 'refused' || fixed.saw.every((one, index) => one === before.saw[index]);
  const has = row.expectation.argument?.has;
  const keepsArgument = has === undefined || !row.fixed?.includes(has) || hasArgument(row, fixed);
  return { by: fixed.by, saw, came: isServed && isSame && keepsArgument ? 'passes' : 'fails' };
}

export interface Departure {
  readonly row: string;
  readonly what: string;
  readonly expected: string;
  readonly saw: string;
}

/** Where what was seen is not what expect.json says. */
export function departures(rows: readonly Row[], releases: readonly ReleaseSeen[]): readonly Departure[] {
  return releases.flatMap(({ k3s, rows: seen }) =>
    rows.flatMap((row) => {
      const one = seen[row.name];
      const from = releases.map((release) => release.k3s);
      return one ? departuresOf(row, { k3s, from }, one).map((departure) => ({ row: row.name, ...departure })) : [];
    }),
  );
}

function departuresOf(
  row: Row,
  { k3s, from }: { k3s: string; from: readonly string[] },
  seen: RowSeen,
): readonly Omit<Departure, 'row'>[] {
  const { requests = [], argument, lint: pairs } = row.expectation;
  const outcome = pairs.find((pair) => pair.to === k3s && pair.outcome && from.includes(pair.from))?.outcome;
  const all = [
    ...(seen.chart?.outcome === 'refused'
      ? []
      : requests.map((request, index) => ({
          what: `${calledAs(request)} on ${k3s}`,
          expected: expectedOf(request, k3s),
          saw: seen.saw[index] ?? '',
        }))),
    ...(seen.stored?.saw ?? []).map((saw, index) => {
      const request = requests[index];
      const what = `${request ? calledAs(request) : 'a request'} on ${k3s}, as Traefik 2 kept it`;
      return { what, expected: String(request?.stored ?? ''), saw };
    }),
    ...(outcome && seen.chart
      ? [{ what: `outcome of the upgrade to ${k3s}`, expected: outcome as string, saw: seen.chart.outcome as string }]
      : []),
    ...(argument && seen.chart
      ? [
          {
            what: `${argument.has} on ${k3s}`,
            expected: argument.on.includes(k3s) ? 'there' : 'not there',
            saw: hasArgument(row, seen) ? 'there' : 'not there',
          },
        ]
      : []),
  ];
  return all.filter(({ expected, saw }) => expected !== saw);
}

export interface Score {
  readonly trueAlarms: number;
  readonly falseAlarms: number;
  readonly missed: number;
  readonly trueSilences: number;
  /** Of the alarms, those that came true; null: there was none. */
  readonly precision: number | null;
  /** Of the losses, those that lint said; null: there was none. */
  readonly recall: number | null;
}

export function scoreOf(judged: readonly Pick<Judged, 'verdict'>[]): Score {
  const count = (verdict: Verdict) => judged.filter((one) => one.verdict === verdict).length;
  const [trueAlarms, falseAlarms, missed] = [count('true alarm'), count('false alarm'), count('missed')];
  const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);
  return {
    trueAlarms,
    falseAlarms,
    missed,
    trueSilences: count('true silence'),
    precision: share(trueAlarms, trueAlarms + falseAlarms),
    recall: share(trueAlarms, trueAlarms + missed),
  };
}
