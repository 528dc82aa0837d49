/** Faults by backends: what clients saw in every run, and why there is none where there is none. */
import type { Cell, ReachCell } from '@faultline/history';
import type { Expectation } from './expectation.ts';
import { isOneOutage, mainProbe } from './headline.ts';
import { RECOVERY } from './outage.ts';
import { reachOf } from './sweep.ts';
import { tally } from './statistics.ts';
import type { FaultMeasure, OpenInterval, Outcome, ProbeMeasure, Verdict } from './verdict.ts';

export const FAULT_TABLE_VERSION = 1;

/** A run as it was judged. */
export interface JudgedRun {
  readonly verdict: Verdict;
  readonly expectations: readonly Expectation[];
  /** Who reached whom while the fault was in force; undefined where nobody swept. */
  readonly sweep: readonly ReachCell[] | undefined;
  /** Where it lies, as the table links to it. */
  readonly folder: string;
}

/** A cell that was asked for, and that this host or cluster cannot have. */
export interface SkippedRun {
  readonly scenario: string;
  readonly cell: Cell;
  readonly reason: string;
}

/** What one run showed. Milliseconds. */
export interface FaultRun {
  readonly folder: string;
  readonly outcome: Outcome;
  /** One sentence: what decided it, and what clients saw. */
  readonly reason: string;
  readonly headline: string;
  readonly probe: string | null;
  readonly lost: number;
  readonly sent: number;
  /** The outage that the fault caused, or the time in which a share was lost; null where it caused none. */
  readonly out: (OpenInterval & { readonly share: number }) | null;
  /** When it was good again, after healing began or, where that did not have to be waited for, after the fault was in force. */
  readonly recovered: { readonly afterMs: number; readonly since: 'healing' | 'the fault' } | null;
  /** Cells of the sweep while the fault was in force. */
  readonly sweep: { readonly lost: number; readonly some: number; readonly of: number } | null;
}

/** All runs of one cell, or why there is none. */
export interface FaultEntry {
  /** What tells it from the others in its place: `metallb-l2`, `servicelb daemonset`. Empty where it is alone. */
  readonly label: string;
  readonly runs: readonly FaultRun[];
  readonly counts: Readonly<Partial<Record<Outcome, number>>>;
  readonly skipped: string | null;
}

export interface FaultRow {
  readonly scenario: string;
  /** `block-port port 8472`. */
  readonly faults: readonly string[];
  /** One for each column; empty: nothing was run there. */
  readonly cells: readonly (readonly FaultEntry[])[];
}

export interface FaultTable {
  readonly version: number;
  /** `k3s vxlan`. */
  readonly columns: readonly string[];
  readonly rows: readonly FaultRow[];
  readonly counts: Readonly<Partial<Record<Outcome | 'skipped', number>>>;
  /** What ran, each once: `k3s v1.33.3+k3s1`. */
  readonly versions: readonly string[];
  readonly commits: readonly string[];
}

interface Placed {
  readonly scenario: string;
  readonly cell: Cell;
}

/** The same runs give the same table. A cell that has run is not skipped, whatever was said before it could. */
export function faultTable(runs: readonly JudgedRun[], skipped: readonly SkippedRun[]): FaultTable {
  const ran = new Set(runs.map(({ verdict }) => keyOf(verdict)));
  const left = [...new Map(skipped.filter((one) => !ran.has(keyOf(one))).map((one) => [keyOf(one), one])).values()];
  const all: readonly Placed[] = [...runs.map(({ verdict }) => verdict), ...left];
  const columns = [...new Set(all.map(columnOf))].toSorted(byColumn);
  const scenarios = [...new Set(all.map(({ scenario }) => scenario))].toSorted();
  const verdicts = runs.map(({ verdict }) => verdict);
  return {
    version: FAULT_TABLE_VERSION,
    columns,
    rows: scenarios.map((scenario) => rowOf(scenario, columns, runs, left)),
    counts: { ...tally(verdicts.map(({ outcome }) => outcome)), ...(left.length > 0 && { skipped: left.length }) },
    versions: [
      ...new Set(verdicts.map(({ substrate, versions }) => `${substrate} ${versions['k3s'] ?? ''}`.trim())),
    ].toSorted(),
    commits: [...new Set(verdicts.map(({ commit, dirty }) => `${commit ?? 'unknown'}${dirty ? ' (dirty)' : ''}`))],
  };
}

const keyOf = ({ scenario, cell }: Placed): string =>
  JSON.stringify([scenario, Object.entries(cell).toSorted(([a], [b]) => a.localeCompare(b))]);
const columnOf = ({ cell }: Placed): string => `${cell['substrate'] ?? ''} ${cell['backend'] ?? ''}`.trim();

/** k3s before bare: it is what the table is about. */
function byColumn(a: string, b: string): number {
  const rank = (column: string): string => (column.startsWith('k3s') ? `0${column}` : `1${column}`);
  return rank(a).localeCompare(rank(b));
}

function rowOf(
  scenario: string,
  columns: readonly string[],
  runs: readonly JudgedRun[],
  skipped: readonly SkippedRun[],
): FaultRow {
  const ours = runs.filter(({ verdict }) => verdict.scenario === scenario);
  const left = skipped.filter((one) => one.scenario === scenario);
  return {
    scenario,
    faults: [...new Set(ours.flatMap(({ verdict }) => verdict.faults.map(namedFault)))],
    cells: columns.map((column) =>
      entriesOf(
        ours.filter(({ verdict }) => columnOf(verdict) === column),
        left.filter((one) => columnOf(one) === column),
      ),
    ),
  };
}

/** Parameters that are anybody's guess anyway, such as how long it lasts, are left to the plan. */
function namedFault({ kind, parameters }: FaultMeasure): string {
  return [kind, ...Object.entries(parameters).map(([key, value]) => `${key} ${value}`)].join(', ');
}

function entriesOf(runs: readonly JudgedRun[], skipped: readonly SkippedRun[]): readonly FaultEntry[] {
  const rest = ({ cell }: Pick<Placed, 'cell'>): string =>
    Object.entries(cell)
      .filter(([factor, value]) => !['substrate', 'backend'].includes(factor) && !isDefault(factor, value))
      .map(([factor, value]) => (factor === 'loadBalancer' ? value : `${factor} ${value}`))
      .join(', ');
  const groups = Map.groupBy(runs, ({ verdict }) => rest(verdict));
  const isAlone = groups.size + skipped.length <= 1;
  return [
    ...[...groups].map(([label, of]) => ({
      label: isAlone ? '' : label,
      runs: of.map(seenIn),
      counts: tally(of.map(({ verdict }) => verdict.outcome)),
      skipped: null,
    })),
    ...skipped.map((one) => ({ label: isAlone ? '' : rest(one), runs: [], counts: {}, skipped: one.reason })),
  ];
}

const isDefault = (factor: string, value: string): boolean =>
  (factor === 'controller' && value === 'default') || (factor === 'trafficPolicy' && value === 'Cluster');

function seenIn({ verdict, expectations, sweep, folder }: JudgedRun): FaultRun {
  const { outcome, reason, headline, probes, faults } = verdict;
  const probe = mainProbe(probes, expectations);
  const during = probe?.windows.find(({ window }) => window === 'during');
  return {
    folder,
    outcome,
    reason,
    headline,
    probe: probe?.probe ?? null,
    lost: during?.lost ?? 0,
    sent: during?.sent ?? 0,
    out: probe ? outOf(probe) : null,
    recovered: probe ? recoveredOf(probe, faults) : null,
    sweep: sweep ? sweptOf(sweep) : null,
  };
}

function outOf(probe: ProbeMeasure): FaultRun['out'] {
  const { struck, worst } = probe;
  if (!struck) return null;
  return worst && isOneOutage(probe) ? { ...worst.duration, share: 1 } : { ...struck.duration, share: struck.share };
}

/** After the last loss, and not after the largest one. A few samples here and there are the host's. */
function recoveredOf({ episodes }: ProbeMeasure, faults: readonly FaultMeasure[]): FaultRun['recovered'] {
  const begin = Math.min(...faults.map(({ injectBegin }) => injectBegin));
  const last = episodes.findLast(({ end, lost }) => lost >= RECOVERY.good && (end ?? Infinity) > begin);
  const end = last?.end ?? null;
  // Of several, the last one that can have caused it.
  const fault = end === null ? undefined : faults.findLast(({ injectBegin }) => injectBegin <= end);
  if (end === null || !fault) return null;
  if (fault.healBegin !== null && end >= fault.healBegin) return { afterMs: end - fault.healBegin, since: 'healing' };
  if (fault.inForce === null) return null;
  // What takes its time to come into force, as a drain does, may be over before that.
  const begun = fault.inForce <= end ? fault.inForce : fault.injectBegin;
  return { afterMs: end - begun, since: 'the fault' };
}

function sweptOf(cells: readonly ReachCell[]): FaultRun['sweep'] {
  const count = (wanted: ReturnType<typeof reachOf>): number => cells.filter((cell) => reachOf(cell) === wanted).length;
  return { lost: count('lost'), some: count('some'), of: cells.length };
}
