/** A bundle that cannot be read, or must not be: exit code 65. */
export class BundleError extends Error {
  override readonly name = 'BundleError';

  /** @param message may quote what somebody wrote: a terminal is shown no character that it would obey. */
  constructor(message: string) {
    super(message.replaceAll(/[^\P{Cc}\n]/gu, '?'));
  }
}
