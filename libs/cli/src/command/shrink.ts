/** `faultline shrink <scenario|run|bundle>`: the smallest that still fails in the same way. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { engine, type Engine } from '@faultline/control';
import { MILLISECOND, systemClock } from '@faultline/history';
import { writeBundle } from '@faultline/incident';
import {
  bundleOfCase,
  shrink,
  sizeOf,
  smallestName,
  sourceOf,
  type Probe,
  type Shrunk,
} from '@faultline/incident/plan';
import { isDuration, milliseconds } from '@faultline/scenario/plan';
import { EXIT, UsageError } from '../exit.ts';
import { timeName } from '../folder.ts';
import { text, type Given } from '../options.ts';
import { Journal, type Begun } from '../shrink/journal.ts';
import { answerOf, failureOf, probeFolder, runCase } from '../shrink/probe.ts';
import { subjectOf, type Subject } from '../shrink/subject.ts';
import { RUNS } from '../workspace.ts';

export async function execute([given]: readonly string[], options: Given, signal: AbortSignal): Promise<number> {
  const budgetMs = budgetOf(options);
  const resumed = text(options['resume']);
  if ((given === undefined) === (resumed === undefined))
    throw new UsageError(
      'what is shrunk: a scenario, the folder of a run, a bundle, or --resume <folder>: one of them',
    );
  const subject = given === undefined ? undefined : await subjectOf(given, options, signal);
  const docker = await engine();
  const untilMs = nowMs() + budgetMs;
  const journal = new Journal(subject ? newFolder(subject, options) : resolve(resumed ?? ''));
  if (subject && !(await begun(subject, journal, docker, signal))) return EXIT.inconclusive;
  const { begun: from, known, runs } = await journal.read();
  console.error(`faultline: shrinking ${sizeOf(from.whole)}, which fails: ${from.failure}; ${journal.folder}`);
  const done = await search(from, { journal, known, runs, untilMs, docker, signal });
  return tell(done, from, journal, options);
}

const nowMs = (): number => systemClock.now() / MILLISECOND;

function budgetOf(options: Given): number {
  const given = text(options['budget']) ?? '30m';
  if (isDuration(given) && milliseconds(given) > 0) return milliseconds(given);
  throw new UsageError(`--budget ${given}. Allowed: a duration, e.g. 30m`);
}

const newFolder = ({ whole }: Subject, options: Given): string =>
  resolve(text(options['out']) ?? join(RUNS, 'shrink', whole.scenario.name, timeName(systemClock.wall())));

/** Runs the whole of it, to see how it fails. @returns whether it does. */
async function begun(subject: Subject, journal: Journal, docker: Engine, signal: AbortSignal): Promise<boolean> {
  const { whole, about, seed } = subject;
  const folder = probeFolder(journal.folder, 0);
  await mkdir(folder, { recursive: true });
  console.error(`faultline: the whole first: ${sizeOf(whole)}`);
  const began = nowMs();
  const verdict = await runCase(bundleOfCase({ about }, whole), { seed, docker, signal, folder });
  const failure = failureOf(verdict);
  console.error(`  ${verdict.outcome}: ${verdict.reason}`);
  if (failure === undefined) {
    console.error(
      `faultline: it does not fail here, and there is nothing to hold on to. The run: ${relative('', folder)}`,
    );
    return false;
  }
  await journal.begin({ ...subject, failure, tookMs: Math.round(nowMs() - began) });
  return true;
}

interface SearchOptions {
  readonly journal: Journal;
  readonly known: Awaited<ReturnType<Journal['read']>>['known'];
  /** How many probes were run before: numbers go on. */
  readonly runs: number;
  readonly untilMs: number;
  readonly docker: Engine;
  readonly signal: AbortSignal;
}

async function search(from: Begun, { journal, known, runs, untilMs, docker, signal }: SearchOptions): Promise<Shrunk> {
  const { about, seed, failure } = from;
  const { k3s, settings } = about;
  let longestMs = from.tookMs;
  let number = runs;
  return shrink(from.whole, {
    seed,
    k3s: k3s?.taken,
    settings,
    known,
    // One that is begun is finished: it is not begun where the time may not do.
    hasTime: () => nowMs() + longestMs < untilMs,
    probe: async (candidate) => {
      signal.throwIfAborted();
      const began = nowMs();
      const folder = probeFolder(journal.folder, ++number);
      const verdict = await runCase(bundleOfCase(from, candidate), { seed, docker, signal, folder });
      longestMs = Math.max(longestMs, nowMs() - began);
      return answerOf(verdict, failure);
    },
    tell: async (probe, best) => {
      const told = probe.number === 0 ? probe : { ...probe, number };
      await journal.add(told, best);
      say(told);
    },
  });
}

function say({ number, what, size, answer, why }: Probe): void {
  console.error(`  ${number === 0 ? '   -' : `#${String(number).padStart(3)}`} ${what}: ${size}: ${answer}; ${why}`);
}

async function tell(
  { smallest, probes, isMinimal }: Shrunk,
  from: Begun,
  { folder }: Journal,
  options: Given,
): Promise<number> {
  const { scenario } = smallest;
  const name = `${smallestName(scenario.name)}.scenario.ts`;
  await writeFile(join(folder, name), sourceOf(scenario, from.failure));
  const bundle = join(folder, 'smallest.tgz');
  // Of one that was resumed there is the one from before.
  await rm(bundle, { force: true });
  await writeBundle(bundle, bundleOfCase(from, smallest));
  const told = {
    folder,
    failure: from.failure,
    probes,
    isMinimal,
    before: sizeOf(from.whole),
    after: sizeOf(smallest),
  };
  if (options['json']) console.log(JSON.stringify({ ...told, smallest }, null, 2));
  else {
    console.log(`fails    ${told.failure}\nbefore   ${told.before}\nafter    ${told.after}\nprobes   ${probes}`);
    console.log(`scenario ${relative('', join(folder, name))}`);
    console.log(`again    faultline replay ${relative('', bundle)}`);
    if (!isMinimal)
      console.log(
        `The budget is over: it may be smaller still. Next: faultline shrink --resume ${relative('', folder)}`,
      );
  }
  return isMinimal ? EXIT.pass : EXIT.inconclusive;
}
