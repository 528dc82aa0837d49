/** Which substrate a run is on, and why: asked for, or k3s where its images are to be had, else bare. */
import { ImagesMissingError, resolveImages } from '@faultline/cluster';
import { DEFAULT_K3S, k3sImages, k3sRelease } from '@faultline/cluster/plan';
import type { Engine } from '@faultline/control';
import type { Substrate } from '@faultline/history';
import { oneOf } from './allowed.ts';
import { text, type Given } from './options.ts';

export interface Choice {
  readonly substrate: Substrate;
  readonly reason: string;
  /** The release, where the substrate is k3s. */
  readonly k3s: string | undefined;
}

export interface Wish {
  readonly substrate: 'auto' | Substrate;
  readonly k3s: string;
}

/** What was asked for, as far as it can be judged without an engine. @throws UsageError, UnknownReleaseError */
export function wishOf(options: Given): Wish {
  return {
    substrate: oneOf('substrate', text(options['substrate']) ?? 'auto', ['auto', 'k3s', 'bare']),
    k3s: k3sRelease(text(options['k3s']) ?? DEFAULT_K3S).version,
  };
}

/**
 * @param possible the substrates that will do.
 * @throws ImagesMissingError when there must be k3s, and an image of it cannot be had.
 */
export async function chooseSubstrate(
  wish: Wish,
  possible: readonly Substrate[],
  engine: Engine,
  signal: AbortSignal,
): Promise<Choice> {
  const bare = (reason: string): Choice => ({ substrate: 'bare', k3s: undefined, reason });
  const { substrate, k3s } = wish;
  if (substrate === 'bare') return bare('asked for');
  if (substrate === 'auto' && !possible.includes('k3s')) return bare('nothing else is asked of it');
  try {
    await resolveImages(engine, k3sImages(k3s, ['traefik', 'servicelb']), { signal });
    return { substrate: 'k3s', k3s, reason: substrate === 'k3s' ? 'asked for' : `the images of ${k3s} are at hand` };
  } catch (error) {
    if (!(error instanceof ImagesMissingError) || substrate === 'k3s' || !possible.includes('bare')) throw error;
    const count = error.images.length;
    return bare(`${count} image${count === 1 ? '' : 's'} of k3s ${k3s} can neither be found in the engine nor pulled`);
  }
}
