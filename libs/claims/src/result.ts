/** What a run wrote of a claim: one line of JSON each, in docs/evidence/claims/. */
import type { ClaimId, Part } from './claim.ts';
import type { SetUpName } from './set-up.ts';

export const RESULT_VERSION = 1;

export interface Result {
  readonly version: 1;
  readonly claim: ClaimId;
  readonly part: Part;
  readonly setUp: SetUpName;
  /** `any` where no release was involved. */
  readonly release: string;
  /** Null: it could not be told, and `saw` says why. */
  readonly holds: boolean | null;
  readonly saw: string;
  /** The run that showed it: an id, or the folder in docs/evidence that was read. */
  readonly run: string;
  /** How long the question took, milliseconds. */
  readonly ms: number;
  /** Wall time. */
  readonly at: string;
}

export class ResultError extends Error {
  override readonly name = 'ResultError';
}

const PARTS = ['check', 'twin'];

/** @throws ResultError naming the line. */
export function parseResults(text: string, file: string): readonly Result[] {
  return text
    .split('\n')
    .map((line, index) => [line, index + 1] as const)
    .filter(([line]) => line.trim() !== '')
    .map(([line, number]) => parseLine(line, `${file}:${number}`));
}

function parseLine(line: string, place: string): Result {
  const wrong = (what: string) =>
    new ResultError(`${place}: ${what}. Allowed: lines that faultline claims --run wrote.\nNext: run it again`);
  let value: Partial<Result>;
  try {
    value = JSON.parse(line) as Partial<Result>;
  } catch {
    throw wrong('no JSON');
  }
  if (value.version !== RESULT_VERSION) throw wrong(`version ${String(value.version)} is not ${RESULT_VERSION}`);
  if (!/^A\d+b?$/.test(value.claim ?? '') || !PARTS.includes(value.part ?? ''))
    throw wrong('no claim, or no part of one');
  return value as Result;
}

export const keyOf = ({ claim, part, release }: Result): string => `${claim} ${part} ${release}`;

const isSame = (a: Result | undefined, b: Result): boolean =>
  a !== undefined && a.run === b.run && a.holds === b.holds && a.saw === b.saw;

/** The lines with the new ones in the place of those that they repeat, by claim. What says nothing new stays as it was. */
export function mergeResults(old: readonly Result[], fresh: readonly Result[]): readonly Result[] {
  const merged = new Map(old.map((result) => [keyOf(result), result]));
  for (const result of fresh) if (!isSame(merged.get(keyOf(result)), result)) merged.set(keyOf(result), result);
  return [...merged.values()].toSorted(
    (a, b) => a.claim.localeCompare(b.claim, 'en', { numeric: true }) || keyOf(a).localeCompare(keyOf(b)),
  );
}

export const writtenResults = (results: readonly Result[]): string =>
  results.map((result) => `${JSON.stringify(result)}\n`).join('');
