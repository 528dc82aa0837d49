/**
 * The air-gap archive: the images that a cluster's nodes import, in one tar, made by the engine and kept by content.
 *
 * k3s imports every archive in `agent/images` when it starts, and so never needs a registry.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import { stateFolder, type Engine } from '@faultline/control';

/** Of all archives together. Those of a release with Traefik and the app have about 0.6 GB. */
const KEPT_BYTES = 4e9;

/** dockerode can; its types do not say so. */
type Saver = Engine & {
  getImages(options: { names: readonly string[]; abortSignal: AbortSignal }): Promise<NodeJS.ReadableStream>;
};

export interface Archive {
  /** On this host: `<state>/airgap/<hash>.tar`. */
  readonly path: string;
  readonly bytes: number;
}

export interface ArchiveOptions {
  readonly signal: AbortSignal;
  /** `<state>/airgap` unless told. */
  readonly folder?: string;
  /** Above this many bytes, older archives are removed; 4 GB unless told. */
  readonly keptBytes?: number;
}

/**
 * The archive of these images, made unless one with the same content is there.
 * @param ids the engine's id of each image, by name: see `resolveImages`.
 * @throws Error in one sentence when the disk is full.
 */
export async function airgapArchive(
  engine: Engine,
  ids: ReadonlyMap<string, string>,
  options: ArchiveOptions,
): Promise<Archive> {
  const folder = options.folder ?? join(stateFolder(), 'airgap');
  const path = join(folder, `${contentHash(ids)}.tar`);
  await mkdir(folder, { recursive: true });
  if (!(await exists(path))) await save(engine, [...ids.keys()], path, options.signal);
  await removeUnfinished(folder);
  await removeOlder(engine, folder, { keep: path, bytes: options.keptBytes ?? KEPT_BYTES });
  return { path, bytes: (await stat(path)).size };
}

/** Whether our paths are the engine's too: it is on this host, not in a virtual machine, nor beyond a socket mounted into a container. */
export async function sharesOurFiles(engine: Engine): Promise<boolean> {
  if (!(engine.modem as { socketPath?: string }).socketPath) return false;
  const { Name } = (await engine.info()) as { Name?: string };
  return Name === hostname();
}

/** Streams the archive into a container that does not run yet: a copy for each node, where the engine does not see our files. */
export async function copyArchive(
  engine: Engine,
  archive: Archive,
  to: { readonly container: string; readonly path: string },
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const tar = pack();
  const entry = tar.entry({ name: to.path.slice(1), size: archive.bytes });
  const filled = pipeline(createReadStream(archive.path), entry, { signal }).then(() => tar.finalize());
  // The order of failure does not matter: where one fails, the other does too.
  // tar-stream's streams are streamx's, the engine's client takes Node's.
  const stream = Readable.from(tar);
  await Promise.all([filled, engine.getContainer(to.container).putArchive(stream, { path: '/', abortSignal: signal })]);
}

/** The same images under the same names, in whatever order they were asked for. */
export function contentHash(ids: ReadonlyMap<string, string>): string {
  const lines = [...ids].map(([name, id]) => `${name}=${id}\n`).toSorted();
  return createHash('sha256').update(lines.join('')).digest('hex').slice(0, 16);
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Two clusters that one process boots at once may write the same archive: each its own, and the last one renamed stays. */
let begun = 0;

/** Written beside its name and renamed when it is whole: a run that is killed midway leaves nothing that looks like an archive. */
async function save(engine: Engine, names: readonly string[], path: string, signal: AbortSignal): Promise<void> {
  const partial = `${path}.${process.pid}.${begun++}.partial`;
  try {
    const tar = await (engine as Saver).getImages({ names, abortSignal: signal });
    await pipeline(tar, createWriteStream(partial), { signal });
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    signal.throwIfAborted();
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    throw new Error(
      `the disk is full: the image archive ${path} could not be written.\n` +
        'Next: free some space, or set FAULTLINE_STATE to a folder on another disk',
      { cause: error },
    );
  }
}

/** What a process that was killed had begun to write: nobody else ever would. */
async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = /\.tar\.(\d+)(?:\.\d+)?\.partial$/.exec(name)?.[1];
    if (pid && !isRunning(Number(pid))) await rm(join(folder, name), { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Removes the oldest beyond the limit, but none that a container is bound to: a killed node could not be started again. */
async function removeOlder(
  engine: Engine,
  folder: string,
  limit: { readonly keep: string; readonly bytes: number },
): Promise<void> {
  const archives = await archivesIn(folder);
  let left = archives.reduce((sum, { bytes }) => sum + bytes, 0);
  if (left <= limit.bytes) return;
  const containers = await engine.listContainers({ all: true });
  const bound = new Set(containers.flatMap(({ Mounts }) => Mounts.map((mount) => basename(mount.Source ?? ''))));
  for (const { path, bytes } of archives) {
    if (left <= limit.bytes) return;
    if (path === limit.keep || bound.has(basename(path))) continue;
    await rm(path, { force: true });
    left -= bytes;
  }
}

/** Oldest first. One that another run removes meanwhile is left out. */
async function archivesIn(folder: string): Promise<readonly { path: string; bytes: number; made: number }[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.tar'));
  const archives = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      return stat(path).then(
        ({ size, mtimeMs }) => [{ path, bytes: size, made: mtimeMs }],
        () => [],
      );
    }),
  );
  return archives.flat().toSorted((a, b) => a.made - b.made);
}
