/** A bundle that cannot be read, or must not be: exit code 65. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
}
