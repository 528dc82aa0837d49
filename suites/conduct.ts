/** Runs the `faultline` command as a user does, and says what came of it. */
import { join } from 'node:path';
import type { SetVerdict, Verdict } from '@faultline/checker';
import { execa } from 'execa';

export const FAULTLINE: string = join(import.meta.dirname, '../libs/cli/bin/faultline.js');

export interface Conducted {
  readonly exitCode: number;
  readonly verdict: Verdict & { readonly folder: string };
  readonly stderr: string;
}

/** `faultline run ... --json`, by the pinned Node that runs this test. */
export async function conduct(words: readonly string[], signal: AbortSignal): Promise<Conducted> {
  const result = await execa(process.execPath, [FAULTLINE, 'run', ...words, '--json'], {
    reject: false,
    cancelSignal: signal,
    env: { CI: 'true' },
  });
  try {
    return {
      exitCode: result.exitCode ?? -1,
      verdict: JSON.parse(result.stdout) as Conducted['verdict'],
      stderr: result.stderr,
    };
  } catch (cause) {
    throw new Error(
      `faultline run ${words.join(' ')} gave no verdict (exit code ${result.exitCode}):\n${result.stderr}`,
      { cause },
    );
  }
}

/** What a failed expectation should show: every check with its figures. */
export function reasons({ verdict }: Conducted): string {
  if ('runs' in verdict) return (verdict as unknown as SetVerdict).runs.map(reasonOf).join('\n');
  return [
    `${verdict.outcome}: ${verdict.reason}`,
    ...verdict.checks.map((one) => `${one.outcome} ${one.check}: ${one.reason}`),
  ].join('\n');
}

const reasonOf = ({ run, outcome, reason }: SetVerdict['runs'][number]): string => `${run} ${outcome}: ${reason}`;
