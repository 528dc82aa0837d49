/**
 * The images of the nodes, imported once: a volume of the engine with what containerd makes of the archive, of which
 * every node gets a copy.
 *
 * An import takes containerd some 10 s of processor time (it hashes every byte twice), a copy 2 to 4 s, a copy whose files
 * are links 0.3 s (all measured, 1.4 GB): on two cores and with three nodes that was most of a boot. What a node has in the
 * end is the same: the images in its own containerd, and no registry.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { isMissing, stateFolder, type Engine } from '@faultline/control';
import { createVolume, unlessGone } from '../container.ts';
import { contentHash, copyArchive, type Archive } from '../image/airgap.ts';
import { k3sNodeImage } from '../image/catalogue.ts';
import { containerName, type Site } from '../site.ts';
import { runErrand } from './errand.ts';

/** On every store, with the hash of its content. It belongs to no run, and outlives them. */
const STORE_LABEL = 'faultline.images';

/** The newest are kept, one for each load balancer and one to spare: each has about twice the size of its archive. */
const KEPT = 6;

export interface StoreOptions {
  readonly site: Site;
  readonly version: string;
  /** The engine's id of each image that nodes are to have, by name. */
  readonly ids: ReadonlyMap<string, string>;
  /** Called where there is no store yet. */
  readonly archive: () => Promise<Archive>;
  /** Whether the engine sees the archive's path; otherwise it is copied. */
  readonly bound: boolean;
}

/** The last one asked for with these images: clusters that one process boots at once take turns, and one of them imports. */
const turns = new Map<string, Promise<unknown>>();

/** The name of the volume with these images, made unless it is there. */
export function imageStore(options: StoreOptions): Promise<string> {
  const key = contentHash(new Map([...options.ids, ['k3s', options.version]]));
  // Whether the one before failed is its own affair: then it is this one's turn to import.
  const store = Promise.allSettled([turns.get(key)]).then(() => foundOrMade(key, options));
  turns.set(key, store);
  return store;
}

async function foundOrMade(key: string, { site, version, archive, bound }: StoreOptions): Promise<string> {
  const { engine, signal } = site;
  const folder = join(stateFolder(), 'airgap');
  const record = join(folder, `${key}.store`);
  const known = await readFile(record, 'utf8').catch(() => '');
  if (known && (await isThere(engine, known))) return known;
  // Another name each time: one that is half filled, by whomever, is never taken for a whole one.
  const name = `faultline-images-${key}-${randomBytes(4).toString('hex')}`;
  await using undo = new AsyncDisposableStack();
  undo.use(await createVolume(engine, { name, labels: { [STORE_LABEL]: key } }, { signal }));
  await fillStore(name, { site, version, archive: await archive(), bound });
  await mkdir(folder, { recursive: true });
  await writeFile(`${record}.partial`, name);
  await rename(`${record}.partial`, record);
  undo.move();
  await removeOldStores(engine, name);
  return name;
}

async function isThere(engine: Engine, volume: string): Promise<boolean> {
  try {
    await engine.getVolume(volume).inspect();
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

async function fillStore(
  volume: string,
  { site, version, archive, bound }: Omit<StoreOptions, 'archive' | 'ids'> & { archive: Archive },
): Promise<void> {
  const path = '/archives/1.tar';
  await runErrand(
    {
      name: containerName(site.run, 'import'),
      image: k3sNodeImage(version),
      labels: site.labels,
      privileged: true,
      entrypoint: ['sh', '-c', IMPORT],
      cmd: [],
      tmpfs: { '/run': '' },
      volumes: { '/store': volume },
      ...(bound && { binds: { [path]: archive.path } }),
    },
    {
      engine: site.engine,
      signal: site.signal,
      ...(!bound && { prepare: (container) => copyArchive(site.engine, archive, { container, path }, site) }),
    },
  );
}

/** By the release's own containerd, which is stopped before anybody copies its database. */
const IMPORT = `
containerd --root /store/containerd --state /run/import --address /run/import.sock >/tmp/containerd.log 2>&1 &
daemon=$!
asked=0
until ctr --address /run/import.sock version >/dev/null 2>&1; do
  asked=$((asked + 1))
  if [ $asked -gt 300 ] || ! kill -0 $daemon; then tail -n 20 /tmp/containerd.log; exit 1; fi
  sleep 0.1
done
for archive in /archives/*.tar; do
  ctr --address /run/import.sock --namespace k8s.io images import --all-platforms "$archive" || exit 1
done
kill $daemon
wait $daemon
test -e /store/containerd/io.containerd.metadata.v1.bolt/meta.db
`;

/**
 * Gives a node that does not run these images, in place of all that its containerd had: what never changes (content by its
 * hash, and the layers) by hard links, everything else as a copy of its own. Where the engine keeps volumes in places that
 * cannot be linked, all is copied.
 */
export async function fillNode(
  node: { readonly name: string; readonly data: string },
  store: string,
  site: Site,
): Promise<void> {
  const [from, to] = await Promise.all([store, node.data].map((volume) => placeOf(site.engine, volume)));
  await runErrand(
    {
      name: `${containerName(site.run, node.name)}-images`,
      image: site.tools,
      labels: site.labels,
      entrypoint: ['sh', '-c', FILL, 'fill'],
      cmd: [from?.path ?? '', to?.path ?? ''],
      privileged: true,
      // A link stays within one mount, and two volumes share one only in the folder that holds both.
      volumes: {
        '/to': node.data,
        ...(from?.parent && from.parent === to?.parent && { '/volumes': from.parent }),
      },
      binds: { '/from': store },
    },
    site,
  );
}

/** Where the engine keeps a volume: `/var/lib/docker/volumes` and `<name>/_data`. */
async function placeOf(engine: Engine, volume: string): Promise<{ readonly parent: string; readonly path: string }> {
  const { Mountpoint } = await engine.getVolume(volume).inspect();
  const parent = dirname(dirname(Mountpoint));
  return { parent, path: relative(parent, Mountpoint) };
}

/**
 * `--archive` is all of a file: its owner, its capabilities, and what overlayfs keeps in its attributes. Databases are
 * written in place: a link would have every node write into the store.
 */
const FILL = `
mkdir -p /to/agent
rm -rf /to/agent/containerd
if cp --archive --link "/volumes/$1/containerd" "/volumes/$2/agent/" 2>/dev/null; then
  cd /from/containerd
  find . -type f -not -path '*/blobs/*' -not -path '*/snapshots/*' \\
    -exec cp --archive --remove-destination {} /to/agent/containerd/{} \\;
else
  rm -rf /to/agent/containerd
  cp --archive --reflink=auto /from/containerd /to/agent/
fi
`;

/** Those in use stay: the engine sees to that. */
async function removeOldStores(engine: Engine, keep: string): Promise<void> {
  const { Volumes } = await engine.listVolumes({ filters: { label: [STORE_LABEL] } });
  const made = (volume: object): string => ('CreatedAt' in volume ? String(volume.CreatedAt) : '');
  const old = Volumes.filter(({ Name }) => Name !== keep)
    .toSorted((a, b) => made(b).localeCompare(made(a)))
    .slice(KEPT - 1);
  for (const { Name } of old) await engine.getVolume(Name).remove().catch(unlessGone);
}
