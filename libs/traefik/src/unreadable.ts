/** What could not be read, and why. */
import type { Place } from './finding.ts';

export interface Unreadable {
  readonly place: Place;
  /** What is wrong, and what to do about it. */
  readonly message: string;
}

/** An alias that is followed more often than this is a bomb, not a shorthand. */
export const MOST_ALIASES = 1000;

/** What is there could not be judged: that is said, and the rest is judged. */
export class NotJudgedError extends Error {
  override readonly name = 'NotJudgedError';
}

/** Without the place, which is given apart, and the quotation. */
export const firstLine = (message: string): string =>
  message.split('\n', 1)[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? '';

/** @returns what a reader that gave up means. */
export function causeOf(cause: unknown): string {
  if (cause instanceof NotJudgedError) return cause.message;
  if (cause instanceof RangeError) return 'nested too deeply to be read';
  if (cause instanceof ReferenceError) {
    return `its aliases stand for more than ${MOST_ALIASES} times what is written, as in a YAML bomb. Write them out`;
  }
  return `no YAML: ${firstLine(cause instanceof Error ? cause.message : String(cause))}`;
}
