/** What a night comes to: its rows, what is new in them, what was not tested. Pure: a history in, a page's worth out. */
import {
  NIGHT_REPORT_VERSION,
  ROW_VERDICTS,
  type NightFailure,
  type NightReport,
  type NightRow,
  type QuarantineEntry,
  type RowNight,
  type RowVerdict,
} from '@faultline/checker';
import type { Result } from '../result.ts';
import { failuresOf, quarantineTonight } from './failures.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Night, Nights } from './gather.ts';
import { mechanismsOf } from './mechanisms.ts';
import { alarmsOf, doubtsOf } from './news.ts';
import { figureOf, followed, seriesOf, type Series } from './series.ts';
import { untestedOf } from './untested.ts';

export interface NightOptions {
  readonly quarantine?: readonly QuarantineEntry[];
  /** How many of the last nights are shown beside it. */
  readonly shown?: number;
}

export const NIGHTS_SHOWN = 30;

/** The report of the last of these nights. @throws Error where there is none. */
export function nightReport(
  { nights, unreadable }: Nights,
  { quarantine = [], shown = NIGHTS_SHOWN }: NightOptions = {},
): NightReport {
  const tonight = nights.at(-1);
  if (!tonight) throw new Error('a history without a night. Next: hand one in with --add <results.ndjson>');
  const names = nights.map(({ name }) => name);
  const failures = failuresOf(nights, quarantine);
  const series = seriesOf(nights);
  const rows = rowsOf(nights, { failures, series, names, shown });
  const report = {
    version: NIGHT_REPORT_VERSION,
    night: tonight.name,
    nights: names.slice(-shown),
    counts: countsOf(rows),
    durationMs: rows.reduce((sum, { durationMs }) => sum + durationMs, 0),
    rows,
    failures,
    recovered: recoveredOf(nights, rows),
    mechanisms: mechanismsOf(series, names, shown),
    untested: untestedOf(nights),
    quarantine: quarantineTonight(quarantine, failures, tonight.name),
    unreadable,
    commits: distinct(tonight.results.flatMap(({ commit }) => commit ?? [])),
    hosts: distinct(tonight.results.map(({ host }) => host)),
  };
  const [alarms, doubts] = [alarmsOf(report), doubtsOf(report)];
  const outcome = alarms.length > 0 ? 'fail' : doubts.length > 0 ? 'inconclusive' : 'pass';
  return { ...report, alarms, doubts, outcome };
}

interface Known {
  readonly failures: readonly NightFailure[];
  readonly series: readonly Series[];
  readonly names: readonly string[];
  readonly shown: number;
}

function rowsOf(nights: readonly Night[], known: Known): readonly NightRow[] {
  const past = nights.slice(-known.shown).map(({ results }) => Map.groupBy(results, ({ row }) => row));
  const rows = [...(past.at(-1) ?? [])].flatMap(([row, runs]) => {
    const worst = worstOf(runs);
    const told = past.map((night) => rowNight(night.get(row) ?? []));
    return worst ? [{ ...rowOf(worst, known), ...durationOf(runs), past: told }] : [];
  });
  return rows.toSorted((a, b) => place(a.verdict) - place(b.verdict) || (a.row < b.row ? -1 : 1));
}

/** A row is what its worst run was. */
function rowOf(worst: Result, known: Known): Omit<NightRow, 'past' | 'runs' | 'durationMs'> {
  const { row, scenario, cell, reason, verdict } = worst;
  const print = fingerprintOf(worst)?.id ?? null;
  const { failures, series, names, shown } = known;
  return {
    row,
    scenario,
    cell,
    reason,
    verdict,
    fingerprint: print,
    isQuarantined: failures.some(({ fingerprint, quarantine }) => fingerprint === print && quarantine !== null),
    figures: followed(series.filter((one) => one.row === row)).map((one) => figureOf(one, names, shown)),
  };
}

const durationOf = (runs: readonly Result[]): Pick<NightRow, 'durationMs' | 'runs'> => ({
  durationMs: runs.reduce((sum, { durationMs }) => sum + durationMs, 0),
  runs: runs.map(({ folder, verdict }) => ({ folder, verdict })),
});

const place = (verdict: RowVerdict): number => ROW_VERDICTS.indexOf(verdict);

const worstOf = (runs: readonly Result[]): Result | undefined =>
  runs.toSorted((a, b) => place(a.verdict) - place(b.verdict))[0];

function rowNight(runs: readonly Result[]): RowNight | null {
  const worst = worstOf(runs);
  return worst ? { verdict: worst.verdict, durationMs: durationOf(runs).durationMs } : null;
}

function countsOf(rows: readonly NightRow[]): Record<RowVerdict, number> {
  const of = (verdict: RowVerdict): number => rows.filter((row) => row.verdict === verdict).length;
  return { pass: of('pass'), fail: of('fail'), inconclusive: of('inconclusive'), skip: of('skip') };
}

/** Against the last night in which the row ran at all. */
function recoveredOf(nights: readonly Night[], rows: readonly NightRow[]): NightReport['recovered'] {
  const before = nights
    .slice(0, -1)
    .map(({ name, results }) => ({ name, runs: Map.groupBy(results, ({ row }) => row) }));
  return rows
    .filter(({ verdict }) => verdict === 'pass')
    .flatMap(({ row }) => {
      const ran = before.flatMap(({ name: night, runs }) => {
        const was = rowNight(runs.get(row) ?? [])?.verdict;
        return was === undefined || was === 'skip' ? [] : [{ row, was, night }];
      });
      const last = ran.at(-1);
      return last && last.was !== 'pass' ? [last] : [];
    });
}

const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)].toSorted();
