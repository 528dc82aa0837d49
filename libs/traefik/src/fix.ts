/** Writes what lint advises: its edits, and not a byte else. */
import type { Input } from './documents.ts';
import type { Edit, Finding } from './finding.ts';
import { lint } from './lint.ts';
import type { Release } from './release.ts';

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

/** Edits that overlap take a round each; more than one in a place is rare, and more than this never ends. */
const MOST_ROUNDS = 8;

/** Fixes texts until nothing is left that can be fixed. */
export function mend(
  inputs: readonly Input[],
  upgrade: { readonly from: Release; readonly to: Release },
): readonly Input[] {
  let mended = inputs;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const findings = Map.groupBy(
      lint(mended, upgrade).findings.filter(({ edits }) => edits.length > 0),
      ({ place }) => place.file,
    );
    if (findings.size === 0) break;
    mended = mended.map(({ file, text }) => ({ file, text: fix(text, findings.get(file) ?? []) }));
  }
  return mended;
}
