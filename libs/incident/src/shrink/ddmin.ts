/**
 * Delta debugging: Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE TSE 28 (2002), algorithm
 * ddmin; and its one-dimensional sibling for a number.
 *
 * Both return something that fails, and of which no single step further down was found to fail (1-minimal). They say nothing
 * of steps that were not tried: what needs two elements to go together stays. Deterministic: same answers, same questions.
 */

/** `unresolved`: neither the failure nor its absence: it did not start, it was in doubt, it failed in another way. */
export type Answer = 'fails' | 'passes' | 'unresolved';

export type Test<T> = (candidate: T) => Promise<Answer>;

/**
 * The elements that cannot be done without, in their order. What is given is known to fail, and is not asked again.
 * @param least no fewer are tried; 0 unless told.
 */
export async function ddmin<T>(
  elements: readonly T[],
  test: Test<readonly T[]>,
  { least = 0 }: { readonly least?: number } = {},
): Promise<readonly T[]> {
  const isFailing = async (candidate: readonly T[]) => candidate.length >= least && (await test(candidate)) === 'fails';
  if (elements.length > 0 && (await isFailing([]))) return [];
  let failing = elements;
  let parts = 2;
  while (failing.length >= 2) {
    const split = splitInto(failing, Math.min(parts, failing.length));
    const subset = await firstOf(split, isFailing);
    if (subset) {
      [failing, parts] = [subset, 2];
      continue;
    }
    // With two parts the complement of one is the other.
    const complements = split.length === 2 ? [] : split.map((part) => failing.filter((one) => !part.includes(one)));
    const complement = await firstOf(complements, isFailing);
    if (complement) {
      [failing, parts] = [complement, Math.max(split.length - 1, 2)];
      continue;
    }
    if (split.length === failing.length) return failing;
    parts = Math.min(2 * split.length, failing.length);
  }
  return failing;
}

/** So many parts of nearly the same size, in order. */
function splitInto<T>(elements: readonly T[], parts: number): readonly (readonly T[])[] {
  const bound = (part: number) => Math.floor((part * elements.length) / parts);
  return Array.from({ length: parts }, (_, part) => elements.slice(bound(part), bound(part + 1)));
}

async function firstOf<T>(candidates: readonly T[], isSo: (candidate: T) => Promise<boolean>): Promise<T | undefined> {
  for (const candidate of candidates) if (await isSo(candidate)) return candidate;
  return undefined;
}

/**
 * The least of these values, which are in rising order and below one that is known to fail, that still fails; undefined:
 * none does. The lowest is tried first, then halves: of what was found, the value below did not fail.
 */
export async function lowest<T>(rising: readonly T[], test: Test<T>): Promise<T | undefined> {
  const fails = async (index: number) => (await test(rising[index] as T)) === 'fails';
  if (rising.length === 0) return undefined;
  if (await fails(0)) return rising[0];
  let [not, failing] = [0, rising.length];
  while (failing - not > 1) {
    const middle = Math.floor((not + failing) / 2);
    if (await fails(middle)) failing = middle;
    else not = middle;
  }
  return rising[failing];
}
