/**
 * Where images come from: the engine has them, or the engine pulls them, or they are built (our own), or one error says
 * which are missing and how to load them. The engine pulls each once; no node ever pulls.
 */
import { finished } from 'node:stream/promises';
import type { Engine } from '@faultline/control';
import { k3sImages, type Component } from './catalogue.ts';

export interface ImagesAtHand {
  /** The engine's id of each image that it has, by the name asked for. */
  readonly present: ReadonlyMap<string, string>;
  readonly missing: readonly string[];
}

/** What of these the engine has. Nothing is pulled. */
export async function imagesAtHand(engine: Engine, images: readonly string[]): Promise<ImagesAtHand> {
  const ids = new Map<string, string>();
  for (const { Id, RepoTags } of await engine.listImages()) {
    // An image without a name has null here, whatever the types say.
    for (const tag of (RepoTags as string[] | null) ?? []) ids.set(familiar(tag), Id);
  }
  const present = new Map(
    images.flatMap((image) => {
      const id = ids.get(familiar(image));
      return id ? [[image, id] as const] : [];
    }),
  );
  return { present, missing: images.filter((image) => !present.has(image)) };
}

/** What the engine has of a k3s release with these components: whether the substrate k3s can be had without a registry. */
export function releaseAtHand(
  engine: Engine,
  version: string,
  components: readonly Exclude<Component, 'core'>[],
): Promise<ImagesAtHand> {
  return imagesAtHand(engine, k3sImages(version, components));
}

export interface ResolveOptions {
  readonly signal: AbortSignal;
  /** Builds images of ours that no registry has. Called with those that are missing, and once. */
  readonly build?: (images: readonly string[], options: { signal: AbortSignal }) => Promise<void>;
  /** How long a registry may take until its first answer, in milliseconds; 5000 unless told. Where none is reachable, it costs that. */
  readonly answerWithinMs?: number;
}

export class ImagesMissingError extends Error {
  readonly images: readonly string[];
  constructor(failures: readonly { readonly image: string; readonly reason: string }[]) {
    const names = failures.map(({ image }) => image);
    const count = names.length === 1 ? '1 image is' : `${names.length} images are`;
    super(
      `${count} not in the container engine, and could not be pulled:\n` +
        failures.map(({ image, reason }) => `  ${image}: ${reason}`).join('\n') +
        `\nNext, where a registry can be reached: ${names.map((name) => `docker pull ${name}`).join(' && ')}` +
        `\nElsewhere: on a host that has them \`docker save --output images.tar ${names.join(' ')}\`,` +
        ' here `docker load --input images.tar`' +
        (names.some(isK3s)
          ? ' (or the k3s-airgap-images archive of the k3s release, and `docker pull` of its rancher/k3s image)'
          : ''),
    );
    this.name = 'ImagesMissingError';
    this.images = names;
  }
}

/**
 * All of these are in the engine afterwards.
 * @returns their ids, by the name asked for.
 * @throws ImagesMissingError naming every one that could not be had.
 */
export async function resolveImages(
  engine: Engine,
  images: readonly string[],
  options: ResolveOptions,
): Promise<ReadonlyMap<string, string>> {
  const { present, missing } = await imagesAtHand(engine, images);
  if (missing.length === 0) return present;
  const own = missing.filter(isOwn);
  if (own.length > 0) await options.build?.(own, { signal: options.signal });
  options.signal.throwIfAborted();
  const foreign = missing.filter((image) => !isOwn(image));
  const failures = (await Promise.all(foreign.map((image) => pull(engine, image, options)))).flatMap(
    (failure) => failure ?? [],
  );
  options.signal.throwIfAborted();
  const found = await imagesAtHand(engine, images);
  if (found.missing.length === 0) return found.present;
  throw new ImagesMissingError(
    found.missing.map((image) => ({
      image,
      reason:
        failures.find((failure) => failure.image === image)?.reason ??
        (isOwn(image) ? 'ours, and not built: npm run images' : 'gone again'),
    })),
  );
}

/** Undefined when it was pulled, else why not. One that fails does not stop the others: the error is to name them all. */
async function pull(
  engine: Engine,
  image: string,
  options: ResolveOptions,
): Promise<{ image: string; reason: string } | undefined> {
  const answerWithinMs = options.answerWithinMs ?? 5_000;
  // A controller and not AbortSignal.timeout: the deadline is for the first answer alone, a big image may then take its time.
  const first = new AbortController();
  const late = AbortSignal.timeout(answerWithinMs);
  const giveUp = () => first.abort(new Error(`no registry answered within ${answerWithinMs / 1000} s`));
  late.addEventListener('abort', giveUp, { once: true });
  const signal = AbortSignal.any([options.signal, first.signal]);
  try {
    const progress = await engine.pull(image, { abortSignal: signal });
    late.removeEventListener('abort', giveUp);
    await followed(progress);
    return undefined;
  } catch (error) {
    const cause: unknown = first.signal.aborted ? first.signal.reason : error;
    return { image, reason: cause instanceof Error ? (cause.message.split('\n')[0] ?? cause.name) : String(cause) };
  } finally {
    late.removeEventListener('abort', giveUp);
  }
}

/** A pull that fails midway says so in its progress, as a line of JSON with `error`. */
async function followed(progress: NodeJS.ReadableStream): Promise<void> {
  let text = '';
  progress.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-4096);
  });
  await finished(progress);
  const failed = /"error":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
  if (failed) throw new Error(failed);
}

/** Docker leaves out what Podman spells out: `docker.io/`, and `localhost/` for what was built here. */
const familiar = (image: string): string => image.replace(/^(docker\.io|localhost)\/(library\/)?/, '');

const isOwn = (image: string): boolean => image.startsWith('faultline/');
const isK3s = (image: string): boolean => image.startsWith('rancher/');
