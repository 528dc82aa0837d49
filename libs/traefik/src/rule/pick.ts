/** Chance from a seed. */

/** A number below `limit`, the next of a row that a seed begins. */
export type Pick = (limit: number) => number;

/** A linear congruential generator, with the numbers of Numerical Recipes. */
export function picker(seed: number): Pick {
  // Seeds next to each other must not begin alike.
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

export function one<T>(pick: Pick, of: readonly T[]): T {
  const found = of[pick(of.length)];
  if (found === undefined) throw new Error('drawn from nothing');
  return found;
}
