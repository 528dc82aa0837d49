/** A bundle in a file: written once it was found to hold no secret, read as what anybody may have sent. */
import type { Bundle } from '../bundle/bundle.ts';
import { bundleOf, filesOf } from '../bundle/files.ts';
import { BundleError } from '../bundle/refused.ts';
import { scan } from '../secret/scan.ts';
import { packed, writeArchive } from './pack.ts';
import { unpack } from './unpack.ts';

/** @throws SecretFoundError naming each place; BundleError where nobody could read it. The file is then not written. */
export async function writeBundle(path: string, bundle: Bundle): Promise<void> {
  const files = filesOf(bundle);
  scan(files);
  // What is written can be read: by the checks of whoever reads it.
  bundleOf(files);
  await writeArchive(path, await packed(files));
}

/** @throws BundleError */
export async function readBundle(path: string, options: { readonly signal: AbortSignal }): Promise<Bundle> {
  const files = await unpack(path, options);
  try {
    return bundleOf(files);
  } catch (error) {
    // Also what YAML refuses of it: aliases that unfold without end, nesting without end.
    throw new BundleError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
