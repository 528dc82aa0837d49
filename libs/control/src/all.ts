/** One thing on many, at once: waits for all, then says which failed. */

export class SomeFailedError extends AggregateError {
  constructor(failures: readonly { name: string; reason: unknown }[], of: number) {
    const lines = failures.map(
      ({ name, reason }) => `  ${name}: ${reason instanceof Error ? reason.message : String(reason)}`,
    );
    super(
      failures.map(({ reason }) => reason),
      `${failures.length} of ${of} failed:\n${lines.join('\n')}`,
    );
    this.name = 'SomeFailedError';
  }
}

/**
 * Unlike `Promise.all` it never leaves one at work while the caller already undoes the others.
 * @throws SomeFailedError naming each that failed; the error itself where there was only one to do.
 */
export async function onAll<T extends { readonly name: string }, R>(
  things: readonly T[],
  act: (thing: T) => Promise<R>,
): Promise<R[]> {
  const settled = await Promise.allSettled(things.map(act));
  const failures = settled.flatMap((result, index) =>
    result.status === 'rejected'
      ? [{ name: things[index]?.name ?? String(index), reason: result.reason as unknown }]
      : [],
  );
  if (failures.length > 0 && things.length === 1) throw failures[0]?.reason;
  if (failures.length > 0) throw new SomeFailedError(failures, things.length);
  return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}
