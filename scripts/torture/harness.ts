/** A harness of its own, as a user starts it, and what it says until it is killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { done, notYet, waitFor } from '@faultline/control';
import { systemClock } from '@faultline/history';

export const ROOT: string = join(import.meta.dirname, '../..');
export const FAULTLINE: string = join(ROOT, 'libs/cli/bin/faultline.js');

export interface Harness {
  readonly pid: number;
  readonly said: readonly string[];
  readonly hasEnded: () => boolean;
  /** Waits until it says so, or has ended. @returns whether it said so. */
  says(what: RegExp, withinMs: number): Promise<boolean>;
  /** @returns the instant of the SIGKILL, on the run's clock. */
  kill(): Promise<number>;
  readonly ended: Promise<number | null>;
}

export function startHarness(words: readonly string[]): Harness {
  const child = spawn(process.execPath, [FAULTLINE, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CI: 'true' },
  });
  const said: string[] = [];
  for (const input of [child.stdout, child.stderr]) createInterface({ input }).on('line', (line) => said.push(line));
  let over = false;
  const ended = once(child, 'close').then(([code]) => {
    over = true;
    return code as number | null;
  });
  return {
    pid: child.pid ?? 0,
    said,
    ended,
    hasEnded: () => over,
    async says(what, withinMs) {
      const ask = async () =>
        said.some((line) => what.test(line)) ? done(true) : over ? done(false) : notYet(said.at(-1) ?? 'nothing');
      return await waitFor(`${what}`, ask, { withinMs, everyMs: 2 }).catch(() => false);
    },
    async kill() {
      const at = systemClock.now();
      child.kill('SIGKILL');
      await ended;
      return at;
    },
  };
}
