/** Several runs of one cell on one cluster: `--repeat`, and each row of a comparison. */
import { randomBytes } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import {
  combine,
  parseSet,
  summarise,
  type Outcome,
  type SetIdentity,
  type SetVerdict,
  type Verdict,
} from '@faultline/checker';
import { labelsOf, thisProcess, type Engine } from '@faultline/control';
import { systemClock } from '@faultline/history';
import { liveView, renderSetHtml, renderSetSummary } from '@faultline/report';
import { runRepeats } from '@faultline/scenario';
import { planRepeats, type RunPlan } from '@faultline/scenario/plan';
import { EXIT, exitOf, UsageError } from './exit.ts';
import { newRunFolder } from './folder.ts';
import { labelOf, nameOf, openRun, type Intent } from './intent.ts';
import { reportFolder } from './judge.ts';
import type { Given } from './options.ts';

/** Each takes about a minute; a set whose harness died may be cleaned up by anyone after this. */
const EXPIRES_MS = 8 * 3_600_000;

export interface Set {
  readonly folder: string;
  readonly verdict: SetVerdict;
  readonly interrupted: boolean;
  /** Why it ended before its last repeat. */
  readonly failure: string | undefined;
}

export interface SetOptions {
  readonly count: number;
  readonly capture: boolean;
  readonly docker: Engine;
  readonly options: Given;
  readonly signal: AbortSignal;
}

/** Runs them all; what was measured before a failure is kept, judged and summarised. */
export async function conductSet(intent: Intent, how: SetOptions): Promise<Set> {
  const { docker, signal, count } = how;
  const { scenario } = intent;
  const plans = planRepeats(scenario, intent.plan, count);
  const [first] = plans;
  if (!first) throw new UsageError('--repeat 0 repeats nothing. Allowed: 1 and more');
  const id = randomBytes(4).toString('hex');
  const folder = await newRunFolder(scenario.name, nameOf(intent), systemClock.wall());
  const history = await openRun(intent, first, { folder, run: id });
  const labels = labelsOf(id, thisProcess(), { expires: Date.parse(history.clock.wall()) + EXPIRES_MS });
  const quiet = Boolean(how.options['json']);
  using live = new DisposableStack();
  live.use(liveView(history, { stream: process.stderr, quiet }));
  const done: string[] = [];
  let failure: string | undefined;
  try {
    const each = repeats(intent, { id, folder, done, quiet });
    const keep = async () => false;
    await runRepeats(
      plans,
      { engine: docker, history, signal, run: id, folder, labels, keep, capture: how.capture },
      each,
    );
    history.append({ type: 'run.end', outcome: 'completed' });
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
    history.append({ type: 'run.end', outcome: signal.aborted ? 'interrupted' : 'failed', error: failure });
    console.error(`faultline: ${failure}`);
  }
  history[Symbol.dispose]();
  const verdict = await writeSet(intent, { id, folder, done, count });
  return { folder, verdict, interrupted: signal.aborted, failure };
}

interface SetPlace {
  readonly id: string;
  readonly folder: string;
  /** Folders of the repeats that were begun. */
  readonly done: string[];
}

type Each = Parameters<typeof runRepeats>[2];

/** Each repeat in a folder of its own, judged and reported as soon as it is through. */
function repeats(intent: Intent, { id, folder, done, quiet }: SetPlace & { quiet: boolean }): Each {
  return {
    async open(plan) {
      const place = join(folder, repeatName(plan));
      done.push(place);
      return { folder: place, history: await openRun(intent, plan, { folder: place, run: id, set: id }) };
    },
    async close(plan, place, error) {
      place.history.append(
        error === undefined
          ? { type: 'run.end', outcome: 'completed' }
          : { type: 'run.end', outcome: 'failed', error: error.message },
      );
      place.history[Symbol.dispose]();
      const { outcome, reason } = (await reportFolder(place.folder)).verdict;
      if (!quiet) console.error(`${repeatName(plan)} of ${plan.repeat?.of ?? 1}: ${outcome.toUpperCase()} ${reason}`);
    },
  };
}

const repeatName = ({ repeat }: RunPlan): string => `repeat-${String(repeat?.index ?? 1).padStart(3, '0')}`;

async function writeSet(
  intent: Intent,
  { id, folder, done, count }: SetPlace & { count: number },
): Promise<SetVerdict> {
  return putTogether(folder, done, {
    set: id,
    scenario: intent.scenario.name,
    label: labelOf(intent),
    cell: { ...intent.cell },
    command: `${intent.command} --repeat ${count}`,
    commit: intent.from.commit,
    dirty: intent.from.dirty,
    versions: intent.versions,
  });
}

/** Judges every run of a set again, from its history, and writes all its pages anew. @throws UsageError where there is none. */
export async function judgeSet(folder: string): Promise<SetVerdict> {
  const { runs, set, scenario, label, cell, command, commit, dirty, versions } = await readSet(folder);
  const places = runs.map((one) => join(folder, one.folder));
  for (const place of places) await reportFolder(place);
  return putTogether(folder, places, { set, scenario, label, cell, command, commit, dirty, versions });
}

async function putTogether(folder: string, done: readonly string[], identity: SetIdentity): Promise<SetVerdict> {
  const runs = await Promise.all(
    done.map(async (place) => ({
      folder: basename(place),
      verdict: JSON.parse(await readFile(join(place, 'verdict.json'), 'utf8')) as Verdict,
    })),
  );
  const verdict = summarise(runs, identity);
  await writeFile(join(folder, 'set.json'), `${JSON.stringify(verdict, null, 2)}\n`);
  await writeFile(join(folder, 'summary.md'), renderSetSummary(verdict));
  await writeFile(join(folder, 'report.html'), renderSetHtml(verdict));
  return verdict;
}

/** Says what came of a set, and makes an exit code of it. */
export function exitOfSet(set: Set, options: Given): number {
  const { folder, verdict, interrupted } = set;
  if (options['json']) console.log(JSON.stringify({ folder, ...verdict }, null, 2));
  else {
    console.log(renderSetSummary(verdict));
    console.log(`report  ${relative(process.cwd(), join(folder, 'report.html'))}\nagain   ${verdict.command}`);
  }
  return interrupted ? EXIT.interrupted : exitOf(outcomeOf(set));
}

/** One outcome of many; a set that ended before its last repeat shows less than it was asked for. */
export function outcomeOf({ verdict, failure }: Pick<Set, 'verdict'> & Partial<Pick<Set, 'failure'>>): Outcome {
  const outcomes = verdict.runs.map(({ outcome }) => outcome);
  return combine(failure === undefined ? outcomes : [...outcomes, 'inconclusive']);
}

export const isSet = async (folder: string): Promise<boolean> =>
  (await stat(join(folder, 'set.json')).catch(() => undefined)) !== undefined;

/** @throws UsageError where the folder holds none. */
export async function readSet(folder: string): Promise<SetVerdict> {
  const file = join(folder, 'set.json');
  if (await isSet(folder)) return parseSet(await readFile(file, 'utf8'), file);
  throw new UsageError(`${folder} holds no set.json. Allowed: a folder that \`faultline run --repeat\` wrote`);
}
