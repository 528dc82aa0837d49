/** The nearest valid name to a misspelt one, for errors that teach. */

/** The candidate with the fewest single-letter changes, where at most half of the letters change; undefined: none is near. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const near = candidates
    // As many letters as one is longer must change: that is seen without comparing a page with a word.
    .filter((candidate) => 2 * Math.abs(name.length - candidate.length) <= Math.max(name.length, candidate.length))
    .map((candidate) => ({ candidate, changes: changesBetween(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, changes }) => 2 * changes <= Math.max(name.length, candidate.length))
    .toSorted((one, other) => one.changes - other.changes);
  return near[0]?.candidate;
}

/** Levenshtein's distance, row by row. */
function changesBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (let at = 1; at <= other.length; at += 1) {
      const replaced = (row[at - 1] ?? 0) + (letter === other[at - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
