/** Which substrate a run is on, and why: asked for, or k3s where its images are to be had, else bare. */
import { DEFAULT_K3S, k3sRelease } from '@faultline/cluster/plan';
import { MissingImagesError, resolveK3sImages } from '@faultline/cluster';
import type { Engine } from '@faultline/control';
import type { Substrate } from '@faultline/history';
import { oneOf } from './nearest.ts';

export interface Choice {
  readonly substrate: Substrate;
  readonly reason: string;
  readonly k3s: string;
}

interface Wish {
  /** `auto`, `k3s` or `bare`. */
  readonly substrate: string;
  readonly k3s: string | undefined;
  /** The substrates that will do. */
  readonly possible: readonly Substrate[];
}

/** What can be known without an engine: `auto` is then not decided. @throws UsageError, UnknownReleaseError */
export function checkedWish({ substrate, k3s }: { substrate?: string | undefined; k3s?: string | undefined }): { substrate: 'auto' | Substrate; k3s: string } {
  return { substrate: oneOf('substrate', substrate ?? 'auto', ['auto', 'k3s', 'bare']), k3s: k3sRelease(k3s ?? DEFAULT_K3S).version };
}

/**
 * @throws MissingImagesError when k3s was asked for and an image of it cannot be had.
 */
export async function chooseSubstrate(wish: Wish, engine: Engine, signal: AbortSignal): Promise<Choice> {
  const { substrate, k3s } = checkedWish(wish);
  if (substrate === 'bare') return { substrate, k3s, reason: 'asked for' };
  if (substrate === 'auto' && !wish.possible.includes('k3s')) return { substrate: 'bare', k3s, reason: 'the scenario is about nothing else' };
  try {
    await resolveK3sImages(engine, k3s, { signal });
    return { substrate: 'k3s', k3s, reason: substrate === 'k3s' ? 'asked for' : `the images of ${k3s} are at hand` };
  } catch (error) {
    if (!(error instanceof MissingImagesError) || substrate === 'k3s' || !wish.possible.includes('bare')) throw error;
    return { substrate: 'bare', k3s, reason: `${error.missing.length} images of k3s ${k3s} are neither in the engine nor to be pulled` };
  }
}
