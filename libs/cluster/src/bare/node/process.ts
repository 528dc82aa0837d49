/** Processes of a bare node: run to the end, or kept running. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { promisify } from 'node:util';
import type { Argv } from './config.ts';

const execute = promisify(execFile);

/** @throws Error with what the command printed. */
export async function run([file = '', ...args]: Argv): Promise<void> {
  await execute(file, args);
}

/** One that lives shorter than this, in milliseconds, is broken: starting it again would only burn the CPU. */
const TOO_SHORT = 1000;

export interface Kept {
  readonly running: boolean;
  signal(name: NodeJS.Signals): void;
  /** SIGTERM, and until it has ended. */
  stop(): Promise<void>;
}

/** Keeps a process running: ended, it is started again at once. Its output is the node container's log. */
export function keepRunning(argv: Argv, env: Readonly<Record<string, string>> = {}): Kept {
  let wanted = true;
  let child: ChildProcess;
  let ended: Promise<void>;

  const start = (): void => {
    const [file = '', ...args] = argv;
    const began = performance.now();
    child = spawn(file, args, { stdio: ['ignore', 'inherit', 'inherit'], env: { PATH: process.env['PATH'], ...env } });
    ended = new Promise((resolve) => {
      child.once('error', (error) => {
        console.error(`faultline-node: ${argv.join(' ')}: ${error.message}`);
        resolve();
      });
      child.once('exit', (code, signal) => {
        resolve();
        if (!wanted) return;
        console.error(`faultline-node: ${argv.join(' ')} ended (${signal ?? code})`);
        if (performance.now() - began > TOO_SHORT) start();
      });
    });
  };
  start();

  return {
    get running() {
      return child.exitCode === null && child.signalCode === null && child.pid !== undefined;
    },
    signal: (name) => void child.kill(name),
    async stop() {
      wanted = false;
      child.kill('SIGTERM');
      await ended;
    },
  };
}
