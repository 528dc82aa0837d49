/** Teaching errors for names: what was typed, the nearest valid one, all that are allowed. */
import { nearest } from '@faultline/control/plan';
import { UsageError } from './exit.ts';

/** The value itself when it is allowed. @throws UsageError otherwise. */
export function oneOf<T extends string>(what: string, typed: string, allowed: readonly T[]): T {
  const found = allowed.find((name) => name === typed);
  if (found) return found;
  const near = nearest(typed, allowed);
  throw new UsageError(
    `unknown ${what} "${typed}".${near ? ` Did you mean ${near}?` : ''} Allowed: ${allowed.join(', ')}`,
  );
}

/** A whole number within bounds. @throws UsageError otherwise. */
export function wholeNumber(what: string, typed: string, bounds: { min: number; max: number }): number {
  const value = Number(typed);
  if (Number.isInteger(value) && value >= bounds.min && value <= bounds.max) return value;
  throw new UsageError(
    `${what} "${typed}" is not allowed. Allowed: a whole number from ${bounds.min} to ${bounds.max}`,
  );
}
