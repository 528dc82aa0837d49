/** Durations as people write them: `250ms`, `30s`, `2m`. */

export type Duration = `${number}ms` | `${number}s` | `${number}m`;

const PATTERN = /^(\d+(?:\.\d+)?)(ms|s|m)$/;
const IN_MS = { ms: 1, s: 1000, m: 60_000 } as const;

export const isDuration = (text: string): text is Duration => PATTERN.test(text);

/** Milliseconds. @throws RangeError when the text is no duration. */
export function milliseconds(text: string): number {
  const [, amount, unit] = PATTERN.exec(text) ?? [];
  if (!amount || !unit)
    throw new RangeError(`"${text}" is no duration. Allowed: a number with ms, s or m, e.g. 250ms, 30s, 2m`);
  return Number(amount) * IN_MS[unit as keyof typeof IN_MS];
}
