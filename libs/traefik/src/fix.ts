/** Writes what lint advises: its edits, and not a byte else. */
import type { Edit, Finding } from './finding.ts';

/** @param findings of this text; those whose edits overlap others' are left for the next time. */
export function fix(text: string, findings: readonly Finding[]): string {
  const taken: Edit[] = [];
  for (const { edits } of findings) {
    const fresh = edits.filter((edit) => !taken.some((other) => isSame(edit, other)));
    if (fresh.every((edit) => !taken.some((other) => overlaps(edit, other)))) taken.push(...fresh);
  }
  return taken
    .toSorted((one, other) => other.begin - one.begin)
    .reduce((fixed, { begin, end, text: by }) => fixed.slice(0, begin) + by + fixed.slice(end), text);
}

const isSame = (one: Edit, other: Edit): boolean =>
  one.begin === other.begin && one.end === other.end && one.text === other.text;

const overlaps = (one: Edit, other: Edit): boolean =>
  one.begin < other.end && other.begin < one.end ? true : one.begin === other.begin;
