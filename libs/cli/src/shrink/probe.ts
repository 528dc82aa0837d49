/** A case, run for real: one probe of a shrink. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Verdict } from '@faultline/checker';
import { labelsOf, thisProcess, type Engine } from '@faultline/control';
import { systemClock } from '@faultline/history';
import { replay } from '@faultline/incident';
import { planReplay, type Bundle, type Probed } from '@faultline/incident/plan';
import { classOf } from '@faultline/matrix';
import { normalised } from '@faultline/matrix/plan';
import { openRun } from '../intent.ts';
import { reportFolder } from '../judge.ts';
import { intendReplay } from '../replay-intent.ts';

const EXPIRES_MS = 2 * 3_600_000;

export interface RunOptions {
  readonly seed: number;
  readonly docker: Engine;
  readonly signal: AbortSignal;
  /** Of the run: its history and reports stay there. */
  readonly folder: string;
}

/** @returns the verdict; a run that broke has one as well. @throws SkippedError where this host lacks something; on abort. */
export async function runCase(bundle: Bundle, { seed, docker, signal, folder }: RunOptions): Promise<Verdict> {
  const intent = await intendReplay(bundle, { command: 'faultline shrink', seed, docker, subnet: undefined, signal });
  const { tools, app } = intent.plan;
  const plan = planReplay(bundle, { seed, tools, app });
  const id = randomBytes(4).toString('hex');
  using history = await openRun(intent, plan, { folder, run: id });
  const labels = labelsOf(id, thisProcess(), { expires: Date.parse(systemClock.wall()) + EXPIRES_MS });
  try {
    await replay(bundle, plan, { engine: docker, history, signal, run: id, folder, labels, keep: async () => false });
    history.append({ type: 'run.end', outcome: 'completed' });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    history.append({ type: 'run.end', outcome: signal.aborted ? 'interrupted' : 'failed', error: reason });
    signal.throwIfAborted();
  }
  return (await reportFolder(folder)).verdict;
}

/**
 * In which way it failed, without what differs from run to run and from one place of a fault to another; undefined: it did
 * not. As failures of a night are told apart, but for the last event, which is the same in all that came to an end.
 */
export function failureOf(verdict: Verdict): string | undefined {
  if (verdict.outcome !== 'fail') return undefined;
  return normalised(classOf(verdict)).replaceAll(/ \(fault-\d+\)/g, '');
}

/** Whether it is the failure that is looked for. */
export function answerOf(verdict: Verdict, failure: string): Probed {
  const seen = failureOf(verdict);
  const why = `${verdict.outcome}: ${verdict.reason}`;
  if (seen === failure) return { answer: 'fails', why };
  return { answer: verdict.outcome === 'pass' ? 'passes' : 'unresolved', why };
}

export const probeFolder = (folder: string, number: number): string =>
  join(folder, 'probes', String(number).padStart(3, '0'));
