import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { Engine } from '@faultline/control';
import { expect, test, vi } from 'vitest';
import { imagesAtHand, ImagesMissingError, releaseAtHand, resolveImages } from './resolve.ts';

const { signal } = new AbortController();

interface FakeOptions {
  has?: Record<string, string>;
  /** What the registry has; the engine's answer to a pull of anything else is an error. */
  registry?: readonly string[];
  /** The registry never answers. */
  silent?: boolean;
}

/** An engine with images, and a registry behind it. */
function fakeEngine({ has = {}, registry = [], silent = false }: FakeOptions): {
  engine: Engine;
  has: Record<string, string>;
  pulled: string[];
} {
  const pulled: string[] = [];
  const fake = {
    listImages: () =>
      Promise.resolve([
        { Id: 'sha256:nameless', RepoTags: null },
        ...Object.entries(has).map(([tag, Id]) => ({ Id, RepoTags: [tag] })),
      ]),
    pull: (image: string, { abortSignal }: { abortSignal: AbortSignal }) => {
      pulled.push(image);
      if (silent) return once(abortSignal, 'abort').then(() => Promise.reject(new Error('aborted')));
      if (!registry.includes(image)) return Promise.reject(new Error('lookup registry-1.docker.io: no such host'));
      has[image] = `sha256:${image}`;
      const progress = new PassThrough();
      progress.end('{"status":"Pull complete"}\n');
      return Promise.resolve(progress);
    },
  };
  return { engine: fake as unknown as Engine, has, pulled };
}

test('what the engine has is at hand, what it has not is missing', async () => {
  const { engine } = fakeEngine({ has: { 'rancher/mirrored-pause:3.6': 'sha256:p' } });
  const { present, missing } = await imagesAtHand(engine, ['rancher/mirrored-pause:3.6', 'rancher/klipper-lb:v1']);
  expect(Object.fromEntries(present)).toEqual({ 'rancher/mirrored-pause:3.6': 'sha256:p' });
  expect(missing).toEqual(['rancher/klipper-lb:v1']);
});

test('an image that Podman calls by its full name is the same image', async () => {
  const { engine } = fakeEngine({
    has: { 'docker.io/rancher/mirrored-pause:3.6': 'sha256:p', 'localhost/faultline/tools:1': 'sha256:t' },
  });
  expect((await imagesAtHand(engine, ['rancher/mirrored-pause:3.6', 'faultline/tools:1'])).missing).toEqual([]);
});

test('of a release without Traefik only the rest has to be at hand', async () => {
  const { engine } = fakeEngine({
    has: {
      'rancher/k3s:v1.33.3-k3s1': 'a',
      'rancher/mirrored-pause:3.6': 'b',
      'rancher/mirrored-coredns-coredns:1.12.1': 'c',
    },
  });
  expect((await releaseAtHand(engine, 'v1.33.3+k3s1', [])).missing).toEqual([]);
  expect((await releaseAtHand(engine, 'v1.33.3+k3s1', ['servicelb'])).missing).toEqual(['rancher/klipper-lb:v0.4.13']);
});

test('what the engine has is not pulled', async () => {
  const { engine, pulled } = fakeEngine({ has: { 'rancher/a:1': 'sha256:a' }, registry: ['rancher/a:1'] });
  expect(Object.fromEntries(await resolveImages(engine, ['rancher/a:1'], { signal }))).toEqual({
    'rancher/a:1': 'sha256:a',
  });
  expect(pulled).toEqual([]);
});

test('what it has not is pulled, once', async () => {
  const { engine, pulled } = fakeEngine({ registry: ['rancher/a:1', 'rancher/b:1'] });
  const ids = await resolveImages(engine, ['rancher/a:1', 'rancher/b:1'], { signal });
  expect([...ids.keys()]).toEqual(['rancher/a:1', 'rancher/b:1']);
  expect(pulled).toEqual(['rancher/a:1', 'rancher/b:1']);
});

test('our own are built and never pulled', async () => {
  const { engine, has, pulled } = fakeEngine({});
  const build = (images: readonly string[]) => {
    for (const image of images) has[image] = 'sha256:built';
    return Promise.resolve();
  };
  expect((await resolveImages(engine, ['faultline/tools:1'], { signal, build })).get('faultline/tools:1')).toBe(
    'sha256:built',
  );
  expect(pulled).toEqual([]);
});

test('one error names everything that is missing, with its reason and what to type', async () => {
  const { engine } = fakeEngine({ has: { 'rancher/a:1': 'sha256:a' } });
  const failed = resolveImages(engine, ['rancher/a:1', 'rancher/b:1', 'rancher/c:1', 'faultline/tools:1'], { signal });
  await expect(failed).rejects.toBeInstanceOf(ImagesMissingError);
  const { message, images } = (await failed.catch(
    (error: unknown) => error as ImagesMissingError,
  )) as ImagesMissingError;
  expect(images).toEqual(['rancher/b:1', 'rancher/c:1', 'faultline/tools:1']);
  expect(message).toContain('3 images are not in the container engine');
  expect(message).toContain('rancher/b:1: lookup registry-1.docker.io: no such host');
  expect(message).toContain('docker pull rancher/b:1 && docker pull rancher/c:1');
  expect(message).toContain('docker load --input');
});

test('a registry that does not answer is given up, and the error says after how long', async () => {
  const { engine } = fakeEngine({ silent: true });
  await expect(resolveImages(engine, ['rancher/a:1'], { signal, answerWithinMs: 20 })).rejects.toThrow(
    'rancher/a:1: no registry answered within 0.02 s',
  );
});

test('an interrupted pull is an interruption, and no missing image', async () => {
  const { engine, pulled } = fakeEngine({ silent: true });
  const stop = new AbortController();
  const resolving = resolveImages(engine, ['rancher/a:1'], { signal: stop.signal });
  await vi.waitFor(() => expect(pulled).toEqual(['rancher/a:1']));
  stop.abort(new Error('Ctrl-C'));
  await expect(resolving).rejects.toThrow('Ctrl-C');
});
