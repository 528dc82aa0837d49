/** The nearest valid name to a misspelt one, for errors that teach. */
import leven from 'leven';

/** The candidate with the fewest single-letter changes, where at most half of the letters change; undefined: none is near. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  // As many letters as one is longer must change: that is seen without comparing a page with a word.
  const isLonger = (candidate: string) =>
    Math.abs(name.length - candidate.length) > Math.max(name.length, candidate.length) / 2;
  const [best] = candidates
    .filter((candidate) => !isLonger(candidate))
    .map((candidate) => ({ candidate, changes: leven(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, changes }) => changes <= Math.max(name.length, candidate.length) / 2)
    .toSorted((one, other) => one.changes - other.changes);
  return best?.candidate;
}
