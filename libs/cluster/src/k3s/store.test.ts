import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '@faultline/control';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Site } from '../site.ts';
import { fillNode, imageStore } from './store.ts';

const gone = () => Object.assign(new Error('no such volume'), { statusCode: 404 });
const inUse = () => Object.assign(new Error('volume is in use'), { statusCode: 409 });

/** An engine with volumes, the oldest first, whose containers end with this exit code. */
function fakeEngine({ exitCode = 0, volumes = [] as string[], used = [] as string[] } = {}) {
  const there = new Map(volumes.map((name, index) => [name, `2026-11-2${index}T00:00:00Z`]));
  const errands: string[] = [];
  const engine = {
    createVolume: ({ Name }: { Name: string }) => Promise.resolve(there.set(Name, '2026-12-31T00:00:00Z')),
    listVolumes: () => Promise.resolve({ Volumes: [...there].map(([Name, CreatedAt]) => ({ Name, CreatedAt })) }),
    getVolume: (name: string) => ({
      inspect: () => (there.has(name) ? Promise.resolve({}) : Promise.reject(gone())),
      remove: () => (used.includes(name) ? Promise.reject(inUse()) : Promise.resolve(there.delete(name))),
    }),
    createContainer: ({ name }: { name: string }) => {
      errands.push(name);
      return Promise.resolve({ id: 'errand', start: () => Promise.resolve() });
    },
    getContainer: () => ({
      wait: () => Promise.resolve({ StatusCode: exitCode }),
      logs: () => Promise.resolve(Buffer.alloc(0)),
      remove: () => Promise.resolve(),
    }),
  };
  return { engine: engine as unknown as Engine, there, errands };
}

const { signal } = new AbortController();
const ids = new Map([['rancher/mirrored-pause:3.6', 'sha256:p']]);
const archive = () => Promise.resolve({ path: '/archives/a.tar', bytes: 1 });

function storeIn(engine: Engine, version = 'v1.33.3+k3s1'): Promise<string> {
  const site = { engine, signal, run: 'r', labels: {}, tools: 'faultline/tools:1' } as unknown as Site;
  return imageStore({ site, version, ids, archive, bound: true });
}

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'faultline-store-'));
  vi.stubEnv('FAULTLINE_STATE', state);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(state, { recursive: true });
});

test('images are imported once, by each release for itself', async () => {
  const { engine, errands } = fakeEngine();
  const store = await storeIn(engine);
  expect(await storeIn(engine)).toBe(store);
  expect(errands).toEqual(['faultline-r-import']);
  expect(await storeIn(engine, 'v1.35.1+k3s1')).not.toBe(store);
  expect(errands).toHaveLength(2);
});

test('clusters that are booted at once wait for the one that imports, and import themselves where it fails', async () => {
  const { engine, errands } = fakeEngine();
  const both = await Promise.all([storeIn(engine), storeIn(engine)]);
  expect(both[0]).toBe(both[1]);
  expect(errands).toHaveLength(1);

  const broken = fakeEngine({ exitCode: 1 });
  const settled = await Promise.allSettled(['v1.34.0', 'v1.34.0'].map((version) => storeIn(broken.engine, version)));
  expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(broken.errands).toHaveLength(2);
});

test('a store that somebody removed is made again', async () => {
  const { engine, there, errands } = fakeEngine();
  const store = await storeIn(engine);
  there.delete(store);
  expect(await storeIn(engine)).not.toBe(store);
  expect(errands).toHaveLength(2);
});

test('an import that fails leaves no volume, and nothing that says there is one', async () => {
  const { engine, there } = fakeEngine({ exitCode: 1 });
  await expect(storeIn(engine)).rejects.toThrow('faultline-r-import ended with exit code 1');
  expect([...there.keys()]).toEqual([]);
  expect(await readdir(state)).toEqual([]);
});

test('the oldest stores make room, but none that is in use', async () => {
  const newer = ['a', 'b', 'c', 'd', 'e'];
  const { engine, there } = fakeEngine({ volumes: ['used', 'oldest', ...newer], used: ['used'] });
  const store = await storeIn(engine);
  expect([...there.keys()].toSorted()).toEqual([store, 'used', ...newer].toSorted());
});

test('a node is given links in the folder that holds both volumes, and whole copies where there is none', async () => {
  const created: { Cmd: string[]; HostConfig: { Binds: string[] } }[] = [];
  const { engine } = fakeEngine();
  const places = new Map([
    ['store', '/var/lib/docker/volumes/store/_data'],
    ['near', '/var/lib/docker/volumes/near/_data'],
    ['far', '/mnt/other/far/_data'],
  ]);
  Object.assign(engine, {
    getVolume: (name: string) => ({ inspect: () => Promise.resolve({ Mountpoint: places.get(name) }) }),
    createContainer: (spec: (typeof created)[number]) => {
      created.push(spec);
      return Promise.resolve({ id: 'errand', start: () => Promise.resolve() });
    },
  });
  const site = { engine, signal, run: 'r', labels: {}, tools: 'faultline/tools:1' } as unknown as Site;
  await fillNode({ name: 'agent-0', data: 'near' }, 'store', site);
  await fillNode({ name: 'agent-1', data: 'far' }, 'store', site);
  expect(created.map(({ Cmd }) => Cmd)).toEqual([
    ['store/_data', 'near/_data'],
    ['store/_data', 'far/_data'],
  ]);
  expect(created.map(({ HostConfig }) => HostConfig.Binds)).toEqual([
    ['near:/to', '/var/lib/docker/volumes:/volumes', 'store:/from:ro'],
    ['far:/to', 'store:/from:ro'],
  ]);
});
