/** What the command says to the shell. */
import type { Outcome } from '@faultline/checker';

export const EXIT = {
  pass: 0,
  fail: 1,
  inconclusive: 2,
  skipped: 3,
  usage: 64,
  unreadable: 65,
  interrupted: 130,
} as const;

export const exitOf = (outcome: Outcome): number => EXIT[outcome];

/** Something that the user typed cannot be done: one clear message, exit code 64. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** This host or cluster lacks what the cell needs: named, exit code 3. */
export class SkippedError extends Error {
  override readonly name = 'SkippedError';
  /** What is missing; of several the first. */
  readonly capability: string | undefined;
  constructor(message: string, capability?: string) {
    super(message);
    this.capability = capability;
  }
}
