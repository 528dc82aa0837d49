/** The rows of one group, on one cluster: what a process of a night does. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { leftAsFound } from '@faultline/checker';
import { labelsOf, thisProcess, type Engine } from '@faultline/control';
import { MILLISECOND, readHistory, systemClock, type Stamped } from '@faultline/history';
import {
  crashedResult,
  judgedResult,
  runFolderOf,
  skippedResult,
  type Assignment,
  type Circumstances,
  type Report,
} from '@faultline/matrix';
import type { Result, Row, Skip } from '@faultline/matrix/plan';
import { liveView } from '@faultline/report';
import { runRepeats, type Place } from '@faultline/scenario';
import { planRun, type RunPlan } from '@faultline/scenario/plan';
import { SkippedError } from '../exit.ts';
import { announce, intend, openRun, type Intent } from '../intent.ts';
import { reportFolder } from '../judge.ts';
import type { Given } from '../options.ts';
import { scenarioNamed } from '../workspace.ts';
import { logFolder, thisHost } from './intent.ts';

/** A group has eight rows at most; one whose process died may be cleaned up by anyone after this. */
const EXPIRES_MS = 2 * 3_600_000;

/** No row more on this cluster: the next gets a fresh one, or there is no time for it. */
class Enough extends Error {
  override readonly name = 'Enough';
}

interface Ready {
  readonly row: Row;
  readonly intent: Intent;
  readonly plan: RunPlan;
}

export interface GroupOptions {
  readonly docker: Engine;
  readonly signal: AbortSignal;
  readonly say: (report: Report) => void;
  /** What it does with the engine; the real thing unless told. */
  readonly deeds?: Deeds;
}

export interface Deeds {
  readonly intend: typeof intend;
  readonly runRepeats: typeof runRepeats;
  readonly reportFolder: typeof reportFolder;
}

const REAL: Deeds = { intend, runRepeats, reportFolder };

/** Runs them all: those that are left when a cluster is done with get another one, unless their time is over. */
export async function runGroup(assignment: Assignment, options: GroupOptions): Promise<void> {
  const { signal } = options;
  let open = await readyRows(assignment, options);
  while (open.length > 0 && !signal.aborted) {
    const group = new GroupRun(assignment, open, options);
    await group.run();
    if (signal.aborted || group.isLate) return;
    open = open.filter(({ row }) => !group.done.has(row.id));
  }
}

/** What each row means on this host; one that the host cannot be asked for is a skip. */
async function readyRows({ rows }: Assignment, options: GroupOptions): Promise<readonly Ready[]> {
  const { deeds = REAL } = options;
  const ready: Ready[] = [];
  for (const row of rows) {
    try {
      const scenario = await scenarioNamed(row.cell.scenario);
      const intent = await deeds.intend(scenario, givenOf(row), row.seed, options.docker, options.signal);
      ready.push({ row, intent, plan: planRun(scenario, { ...intent.plan, healAll: true }) });
    } catch (error) {
      const skip = skipOf(error, row);
      if (!skip) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      const where = {
        started: Date.parse(systemClock.wall()),
        durationMs: 0,
        host: thisHost(),
        commit: null,
        folder: null,
      };
      options.say({ result: skippedResult(row, { skip, reason }, where) });
      console.error(`${row.id}: SKIP ${reason}`);
    }
  }
  return ready;
}

/** What a command line would say of the row. */
function givenOf({ cell }: Row): Given {
  const { substrate, backend, loadBalancer, controller, trafficPolicy, k3s } = cell;
  const given = { substrate, backend, lb: loadBalancer, controller, trafficPolicy };
  return substrate === 'k3s' ? { ...given, k3s } : given;
}

function skipOf(error: unknown, { cell }: Row): Skip | undefined {
  if (error instanceof Error && error.name === 'ImagesMissingError')
    return { because: 'capability', capability: `images of k3s ${cell.k3s}` };
  if (!(error instanceof SkippedError)) return undefined;
  return { because: 'capability', capability: error.capability ?? 'a feature of the host' };
}

/** Milliseconds. */
const since = (begin: number): number => Math.round((systemClock.now() - begin) / MILLISECOND);

class GroupRun {
  readonly done: Set<string> = new Set();
  /** Whether what is left was left for want of time. */
  isLate = false;
  readonly #assignment: Assignment;
  readonly #rows: readonly Ready[];
  readonly #options: GroupOptions;
  readonly #id: string = randomBytes(4).toString('hex');
  readonly #booting = systemClock.now();
  /** When the row that is on its way was opened; the first one's boot counts as its own. */
  #opened = this.#booting;
  #bootMs: number | undefined;
  /** A cluster that is not as it was found is asked for no other row. */
  #isSpoilt = false;

  constructor(assignment: Assignment, rows: readonly Ready[], options: GroupOptions) {
    this.#assignment = assignment;
    this.#rows = rows;
    this.#options = options;
  }

  async run(): Promise<void> {
    const [first] = this.#rows;
    if (!first) return;
    const { docker, signal, say, deeds = REAL } = this.#options;
    // Before the boot: a night that is killed during it leaves a cluster behind, and whoever resumes it has to know.
    say({ begin: first.row.id, owner: thisProcess() });
    const folder = join(logFolder(this.#assignment.folder), `${this.#assignment.name}-${this.#id}`);
    using history = await openRun(first.intent, first.plan, { folder, run: this.#id });
    using _live = liveView(history, { stream: process.stderr, quiet: false });
    const labels = labelsOf(this.#id, thisProcess(), { expires: Date.parse(history.clock.wall()) + EXPIRES_MS });
    const keep = async () => false;
    try {
      await deeds.runRepeats(
        this.#rows.map(({ plan }) => plan),
        { engine: docker, history, signal, run: this.#id, folder, labels, keep },
        { open: (plan) => this.#open(plan), close: (plan, place, error) => this.#close(plan, place, error) },
      );
      history.append({ type: 'run.end', outcome: 'completed' });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (error instanceof Enough) history.append({ type: 'run.end', outcome: 'completed' });
      else {
        history.append({ type: 'run.end', outcome: signal.aborted ? 'interrupted' : 'failed', error: reason });
        console.error(`faultline: ${reason}`);
      }
      if (signal.aborted || this.done.size > 0 || this.isLate) return;
      this.#neverUp(error, reason);
    }
  }

  /** The cluster did not come up: it would not for the others either, and nothing is tried twice. */
  #neverUp(error: unknown, reason: string): void {
    for (const { row } of this.#rows) {
      const skip = skipOf(error, row);
      if (skip) this.#tell(skippedResult(row, { skip, reason }, this.#where(null)));
      else
        this.#tell(
          crashedResult(row, { reason: `the cluster did not come up: ${reason}`, kind: 'boot' }, this.#where(null)),
        );
      this.#opened = systemClock.now();
    }
  }

  async #open(plan: RunPlan): Promise<Place> {
    const { row, intent } = this.#ready(plan);
    const isFirst = this.#bootMs === undefined;
    const { untilMs, folder } = this.#assignment;
    if (this.#isSpoilt) throw new Enough('the row before did not leave it as it was');
    if (!isFirst && untilMs !== null && Date.parse(systemClock.wall()) + row.ownMs > untilMs) {
      this.isLate = true;
      throw new Enough('its time is over');
    }
    this.#bootMs = isFirst ? since(this.#booting) : 0;
    if (!isFirst) {
      this.#opened = systemClock.now();
      this.#options.say({ begin: row.id, owner: thisProcess() });
    }
    announce(intent, row.seed);
    const place = join(folder, runFolderOf(row));
    // Of a night that was killed: what it had of the run is kept beside.
    if (existsSync(place)) await rename(place, `${place}-cut-off-${this.#id}`);
    return { folder: place, history: await openRun(intent, plan, { folder: place, run: this.#id }) };
  }

  async #close(plan: RunPlan, { history, folder }: Place, error: Error | undefined): Promise<void> {
    const { row } = this.#ready(plan);
    const outcome = error === undefined ? 'completed' : this.#options.signal.aborted ? 'interrupted' : 'failed';
    history.append({ type: 'run.end', outcome, ...(error && { error: error.message }) });
    history[Symbol.dispose]();
    // It is run anew when the night is resumed.
    if (outcome === 'interrupted') return;
    this.#isSpoilt = true;
    this.#tell(await this.#judged(row, folder));
  }

  /** An analysis that crashes loses no run: the row says so, and its history is there to be judged again. */
  async #judged(row: Row, folder: string): Promise<Result> {
    const { deeds = REAL } = this.#options;
    try {
      const judged = await deeds.reportFolder(folder);
      this.#isSpoilt = !leftAsFound(judged.verdict);
      return judgedResult(row, judged, this.#where(runFolderOf(row)));
    } catch (error) {
      const reason = `it could not be judged: ${error instanceof Error ? error.message : String(error)}`;
      const events = await readHistory(join(folder, 'history.ndjson')).catch((): readonly Stamped[] => []);
      return crashedResult(row, { reason, events }, this.#where(runFolderOf(row)));
    }
  }

  #ready(plan: RunPlan): Ready {
    const found = this.#rows.find((one) => one.plan === plan);
    if (!found) throw new Error(`no row of this group has the plan of ${plan.scenario}`);
    return found;
  }

  #where(folder: string | null): Circumstances {
    const durationMs = since(this.#opened);
    return {
      started: Date.parse(systemClock.wall()) - durationMs,
      durationMs,
      ...(this.#bootMs && { bootMs: this.#bootMs }),
      host: thisHost(),
      commit: this.#rows[0]?.intent.from.commit ?? null,
      folder,
    };
  }

  #tell(result: Result): void {
    this.done.add(result.row);
    this.#options.say({ result });
    console.error(`${result.row}: ${result.verdict.toUpperCase()} ${result.reason}`);
  }
}
