/** A finding as people can read it and repeat it. Pure. */
import type { Finding } from './campaign.ts';

const LONGEST = 600;

export function shown({ trial, message, ms }: Finding): string {
  const input = trial.what === 'command' ? trial.words : trial.input;
  return `${trial.what} (${ms.toFixed(1)} ms) ${written(input).slice(0, LONGEST)}\n  ${message.slice(0, LONGEST)}`;
}

/** What JSON has no word for is named by its kind. */
function written(value: unknown): string {
  const named = (_: string, one: unknown): unknown =>
    ['bigint', 'symbol', 'function', 'undefined'].includes(typeof one) || Number.isNaN(one) ? `<${String(one)}>` : one;
  return JSON.stringify(value, named) ?? String(value);
}

/** The same crash a thousand times is one finding: told apart by where it happened. */
export function distinct(findings: readonly Finding[]): readonly Finding[] {
  const where = ({ message }: Finding): string => message.split('\n').slice(0, 3).join(' ').replaceAll(/\d+/g, '#');
  return [...new Map(findings.map((finding) => [where(finding), finding])).values()];
}
