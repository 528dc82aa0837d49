/**
 * Runs a night, or a shard of it: group after group, each in a process of its own, so that one that crashes takes nothing
 * along. Every result is on the disk before the next row begins.
 */
import { createInterface } from 'node:readline';
import { done, isAlive, notYet, waitFor, type Owner, type Running } from '@faultline/control';
import type { Clock } from '@faultline/history';
import { isFinished, keepBegun, keepResult, latest, readBegun, readResults, type Begun } from './night-folder.ts';
import type { Group, NightPlan, Row } from './plan-night.ts';
import type { Result } from './result.ts';
import { crashedResult, skippedResult, type Circumstances } from './row-result.ts';
import { durationOf, fitting, rowsOf, shardOf, skipsOf, type Shard } from './share.ts';

/** What the process of a group is told: a file with this in it. */
export interface Assignment {
  readonly name: string;
  readonly rows: readonly Row[];
  /** The night's folder. */
  readonly folder: string;
  /** Milliseconds since 1970 after which no row may end, by its estimate; null: there is time. */
  readonly untilMs: number | null;
}

/** What it says, a line of JSON each. */
export type Report = { readonly begin: string; readonly owner: Owner } | { readonly result: Result };

export interface Night {
  readonly plan: NightPlan;
  readonly shard: Shard;
  /** Milliseconds; undefined: as long as it takes. */
  readonly budgetMs: number | undefined;
  readonly folder: string;
  readonly host: string;
  readonly commit: string | null;
  /** Starts the process of a group: it ends when its standard input does, healed and torn down. */
  readonly start: (assignment: Assignment) => Promise<Running>;
  /** Undoes what a process that died left behind. */
  readonly undo: () => Promise<void>;
  readonly tell: (line: string) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A killed night's process heals and tears down before it ends. */
const OLD_ONE_ENDS_WITHIN_MS = 180_000;

/** @returns when every row of the shard is done with, or named as left; or when the signal was aborted. */
export async function conductNight(night: Night): Promise<void> {
  const { plan, shard, folder, tell, clock, signal } = night;
  const known = latest(await readResults(folder));
  const isOpen = (id: string): boolean => !isDone(known.get(id));
  await afterTheDead(
    night,
    (await readBegun(folder)).filter(({ row }) => isOpen(row)),
  );

  const began = Date.parse(clock.wall());
  const open = shardOf(plan, shard)
    .map((group) => ({ ...group, rows: group.rows.filter(isOpen) }))
    .filter(({ rows }) => rows.length > 0);
  const { groups, left, estimateMs } = fitting(plan, open, night.budgetMs ?? Infinity);
  const skips = skipsOf(plan, shard).filter(({ id }) => isOpen(id));
  tell(sayWhat({ plan, known, groups, left, skips, estimateMs }));
  for (const row of skips) await keepResult(folder, lackingResult(row, night));

  const untilMs = night.budgetMs === undefined ? null : began + night.budgetMs;
  const late: Row[] = [];
  for (const group of groups) {
    if (signal.aborted) return;
    late.push(...(await runGroup(night, group, untilMs)));
  }
  if (signal.aborted) return;
  for (const row of [...left, ...late])
    await keepResult(folder, skippedResult(row, { skip: { because: 'budget' }, reason: OVER_BUDGET }, nowhere(night)));
}

const OVER_BUDGET = "planned, and not run: the night's time was spent";

const isDone = (result: Result | undefined): boolean => result !== undefined && isFinished(result);

/** A row that was in the middle of its run is run anew: when what ran it is gone, and what it left is undone. */
async function afterTheDead({ tell, undo, signal }: Night, begun: readonly Begun[]): Promise<void> {
  const last = begun.at(-1);
  if (!last) return;
  for (const id of new Set(begun.map(({ row }) => row))) tell(`${id} was in the middle of its run: it is run anew`);
  await waitFor(
    'the process of the night before has healed and ended',
    async () => (isAlive(last.owner) ? notYet(`process ${last.owner.pid} lives`) : done(undefined)),
    { signal, withinMs: OLD_ONE_ENDS_WITHIN_MS, everyMs: 500 },
  );
  await undo();
}

/** @returns the rows for which its time did not last. */
async function runGroup(night: Night, group: Group, untilMs: number | null): Promise<readonly Row[]> {
  const { name } = group;
  let rows = rowsOf(night.plan, group);
  while (rows.length > 0 && !night.signal.aborted) {
    // What came before may have taken longer than it should.
    if (untilMs !== null && Date.parse(night.clock.wall()) + durationOf(rows.slice(0, 1)) > untilMs) return rows;
    const ended = await runProcess(night, { name, rows, folder: night.folder, untilMs });
    rows = rows.filter(({ id }) => !ended.done.has(id));
    if (night.signal.aborted) return [];
    if (ended.code === 0) return rows;
    const died = rows.find(({ id }) => id === ended.begun) ?? rows[0];
    if (!died) return [];
    await keepResult(night.folder, diedResult(night, died, ended));
    night.tell(`${died.id}: INCONCLUSIVE ${ended.why}`);
    await night.undo();
    rows = rows.filter((row) => row !== died);
  }
  return [];
}

interface Ended {
  readonly code: number;
  readonly why: string;
  readonly done: ReadonlySet<string>;
  /** The row that was in the middle of its run. */
  readonly begun: string | undefined;
  readonly began: number;
  readonly endedAt: number;
}

async function runProcess(night: Night, assignment: Assignment): Promise<Ended> {
  const { folder, signal, clock } = night;
  const began = Date.parse(clock.wall());
  const finished = new Set<string>();
  let begun: string | undefined;
  let lastWords = '';
  await using child = await night.start(assignment);
  // It heals and tears down by itself when its input ends: a signal on top would cut that short.
  const onAbort = (): void => void child.stdin.end();
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const listening = listen(child.stderr, (line) => {
    lastWords = line.trim() || lastWords;
    night.tell(line);
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const report = JSON.parse(line) as Report;
    if ('begin' in report) {
      begun = report.begin;
      await keepBegun(folder, { row: report.begin, owner: report.owner });
    } else {
      await keepResult(folder, report.result);
      finished.add(report.result.row);
      begun = undefined;
    }
  }
  const [code] = await Promise.all([child.exited, listening]);
  signal.removeEventListener('abort', onAbort);
  const why = `its process died (exit code ${code})${lastWords ? `: ${lastWords}` : ''}`;
  return { code, why, done: finished, begun, began, endedAt: Date.parse(clock.wall()) };
}

async function listen(input: NodeJS.ReadableStream, hear: (line: string) => void): Promise<void> {
  for await (const line of createInterface({ input })) hear(line);
}

function diedResult({ host, commit }: Night, row: Row, { why, begun, began, endedAt }: Ended): Result {
  const folder = begun === row.id ? runFolderOf(row) : null;
  return crashedResult(row, { reason: why }, { started: began, durationMs: endedAt - began, host, commit, folder });
}

/** Of a row, in the night's folder. */
export const runFolderOf = ({ id }: Pick<Row, 'id'>): string => `rows/${id}`;

const nowhere = ({ host, commit, clock }: Night): Circumstances => ({
  started: Date.parse(clock.wall()),
  durationMs: 0,
  host,
  commit,
  folder: null,
});

function lackingResult(row: Row, night: Night): Result {
  const reason = row.lacks.map((lack) => `${lack.capability}: ${lack.reason}`).join('; ');
  const { capability = '' } = row.lacks[0] ?? {};
  return skippedResult(row, { skip: { because: 'capability', capability }, reason }, nowhere(night));
}

interface Layout {
  readonly plan: NightPlan;
  readonly known: ReadonlyMap<string, Result>;
  readonly groups: readonly Group[];
  readonly left: readonly Row[];
  readonly skips: readonly Row[];
  readonly estimateMs: number;
}

function sayWhat({ plan, known, groups, left, skips, estimateMs }: Layout): string {
  const rows = groups.reduce((sum, group) => sum + group.rows.length, 0);
  const finished = [...known.values()].filter(isFinished).length;
  const parts = [
    `${rows} of ${plan.rows.length} rows on ${groups.length} clusters, about ${Math.ceil(estimateMs / 60_000)} min`,
    ...(finished > 0 ? [`${finished} done with already`] : []),
    ...(skips.length > 0 ? [`${skips.length} skipped`] : []),
    ...(left.length > 0 ? [`${left.length} for which there is no time`] : []),
  ];
  return parts.join('; ');
}
