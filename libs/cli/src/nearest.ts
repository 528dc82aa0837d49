/** Teaching errors for names: what was typed, the nearest valid one, all that are allowed. */
import leven from 'leven';
import { UsageError } from './exit.ts';

export function nearest(typed: string, allowed: readonly string[]): string | undefined {
  const ranked = allowed.map((name) => ({ name, distance: leven(typed, name) })).toSorted((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best && best.distance <= Math.max(3, typed.length / 2) ? best.name : undefined;
}

/** The value itself when it is allowed. @throws UsageError otherwise. */
export function oneOf<T extends string>(what: string, typed: string, allowed: readonly T[]): T {
  const found = allowed.find((name) => name === typed);
  if (found) return found;
  const near = nearest(typed, allowed);
  throw new UsageError(`unknown ${what} "${typed}".${near ? ` Did you mean ${near}?` : ''} Allowed: ${allowed.join(', ')}`);
}

/** A whole number within bounds. @throws UsageError otherwise. */
export function wholeNumber(what: string, typed: string, bounds: { min: number; max: number }): number {
  const value = Number(typed);
  if (Number.isInteger(value) && value >= bounds.min && value <= bounds.max) return value;
  throw new UsageError(`${what} "${typed}" is not allowed. Allowed: a whole number from ${bounds.min} to ${bounds.max}`);
}
