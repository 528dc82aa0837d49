/** The nearest valid name to a misspelt one, for errors that teach. */

/** The candidate with the fewest single-letter changes, where at most half of the letters change. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const near = candidates
    .map((candidate) => ({ candidate, changes: changes(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, changes: count }) => count <= Math.max(name.length, candidate.length) / 2)
    .toSorted((left, right) => left.changes - right.changes);
  return near[0]?.candidate;
}

/** Levenshtein's distance, row by row. */
function changes(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of from.split('').entries()) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column++) {
      const same = to[column - 1] === letter ? 0 : 1;
      next.push(Math.min((row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1, (row[column - 1] ?? 0) + same));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
