/** One after the other, in the order in which they were asked for: who looks at a machine and who changes it take turns. */
export type Turns = <T>(act: () => Promise<T>) => Promise<T>;

export function turns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (act) => {
    const mine = last.then(act);
    // Whoever waits for its turn has nothing to do with what became of the one before.
    last = mine.catch(() => {});
    return mine;
  };
}
