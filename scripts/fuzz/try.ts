/** Tries one trial, and says what became of it: taken, refused with a reason, or one of the things that must not be. */
import { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import type { FaultPlan } from '@faultline/fault/plan';
import { planFault } from '@faultline/fault/plan';
import { cellsOf, defineScenario, planRun, type ScenarioInput } from '@faultline/scenario/plan';
import { isUnreadable, isUsage, program } from '@faultline/cli';
import type { Trial } from './draw.ts';

export interface Tried {
  readonly outcome: 'taken' | 'refused' | 'crashed';
  readonly message: string;
  /** Processor time of this thread, so that a busy host is not taken for a slow answer. */
  readonly ms: number;
}

/** The engine is asked last: whoever comes that far was refused by nobody. */
const TAKEN = ['EngineMissingError', 'ImagesMissingError', 'SkippedError'];

/** A reason is a sentence with more in it than the name of an error. */
const isReason = (message: string): boolean => message.trim().length >= 12 && !/\bundefined is not\b/.test(message);

export async function tried(trial: Trial): Promise<Tried> {
  const begin = process.threadCpuUsage();
  const of = (outcome: Tried['outcome'], message: string): Tried => {
    const { user, system } = process.threadCpuUsage(begin);
    return { outcome, message, ms: (user + system) / 1000 };
  };
  try {
    await attempt(trial);
    return of('taken', '');
  } catch (error) {
    const name = error instanceof Error ? error.name : typeof error;
    const message = error instanceof Error ? error.message : String(error);
    if (TAKEN.includes(name) || isHelp(error)) return of('taken', '');
    if (!isUsage(error) && !isUnreadable(error))
      return of('crashed', `${name}: ${error instanceof Error ? error.stack : message}`);
    return isReason(message) ? of('refused', message) : of('crashed', `refused without a reason: "${message}"`);
  }
}

const isHelp = (error: unknown): boolean => error instanceof Error && 'exitCode' in error && error.exitCode === 0;

async function attempt(trial: Trial): Promise<void> {
  if (trial.what === 'command') return void (await program.parseAsync([...trial.words], { from: 'user' }));
  if (trial.what === 'fault') return asData(planFault(trial.input as FaultPlan));
  const scenario = defineScenario(trial.input as ScenarioInput);
  for (const cell of cellsOf(scenario)) {
    asData(planRun(scenario, { cell, seed: trial.seed, app: 'app:1', tools: 'tools:1' }));
  }
}

class NoDataError extends Error {
  override readonly name = 'NoDataError';
}

/** No shell gives any of these a meaning. */
const HARMLESS = /^[A-Za-z0-9 .,:/+_-]*$/;

/** What was taken is data, whole after a turn through JSON, with nothing in a fault's parameters that a shell would heed. */
function asData(plan: object): void {
  const faults = 'faults' in plan ? (plan.faults as readonly FaultPlan[]) : [plan as FaultPlan];
  for (const { parameters } of faults) {
    const bad = Object.values(parameters).find((value) => !HARMLESS.test(String(value)));
    if (bad !== undefined) throw new NoDataError(`a parameter that a shell would heed: ${JSON.stringify(bad)}`);
  }
  const text = JSON.stringify(plan);
  if (JSON.stringify(JSON.parse(text)) !== text)
    throw new NoDataError('the plan is not whole after a turn through JSON');
}

/**
 * A world without an engine: until it is disposed nothing is printed, no process is started (a trial that tries is a crash),
 * and no socket is connected, so that a line that is taken ends where it would have asked the engine.
 */
export function emptyWorld(): Disposable {
  const { log, error } = console;
  const processes = ChildProcess.prototype as unknown as { spawn: () => never };
  const sockets = Socket.prototype as unknown as { connect: () => never };
  const { spawn } = processes;
  const { connect } = sockets;
  const { exitCode } = process;
  console.log = () => {};
  console.error = () => {};
  processes.spawn = () => {
    throw new NoDataError('it tried to start a process');
  };
  sockets.connect = () => {
    throw new Error('there is no engine in this world');
  };
  for (const command of [program, ...program.commands])
    command.configureOutput({ writeOut: () => {}, writeErr: () => {} });
  return {
    [Symbol.dispose]() {
      Object.assign(console, { log, error });
      Object.assign(processes, { spawn });
      Object.assign(sockets, { connect });
      process.exitCode = exitCode;
    },
  };
}
