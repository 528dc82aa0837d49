import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { packed } from '../archive/pack.ts';
import { plantedCluster } from '../collect/planted.ts';
import { readSupport } from './support.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'support-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

const listOf = (items: readonly object[]) => ({ apiVersion: 'v1', kind: 'List', items });
const names = (all: readonly { kind: string; metadata: { name: string } }[]) =>
  all.map(({ kind, metadata }) => `${kind} ${metadata.name}`).toSorted();

test('a folder of dumps, in YAML and JSON, lists and single objects, is a cluster', async ({ signal }) => {
  const [node, ...rest] = plantedCluster();
  await mkdir(join(folder, 'deep'));
  await writeFile(join(folder, 'node.yaml'), stringify(node));
  await writeFile(join(folder, 'deep', 'all.json'), JSON.stringify(listOf([listOf(rest)])));
  await writeFile(join(folder, 'log.txt'), 'kind: Secret');
  const { objects, notes } = await readSupport(folder, [], signal);
  expect(names(objects)).toEqual(names(plantedCluster()));
  expect(notes).toEqual([]);
});

test.for(['support.tgz', 'support.tar.gz', 'support.tar'])(
  'and so is an archive of it: %s',
  async (name, { signal }) => {
    const files = new Map([
      ['x/all.yaml', stringify(listOf(plantedCluster()))],
      ['x/log', 'kind: x'],
    ]);
    await writeFile(join(folder, name), await packed(files));
    const { objects } = await readSupport(join(folder, name), [], signal);
    expect(objects).toHaveLength(plantedCluster().length);
  },
);

test('of namespaces alone only what is in them is taken, what is in none, and kube-system', async ({ signal }) => {
  await writeFile(join(folder, 'all.yaml'), stringify(listOf(plantedCluster())));
  const { objects } = await readSupport(folder, ['other'], signal);
  expect(names(objects)).toEqual(['HelmChartConfig other', 'HelmChartConfig traefik', 'Node rack-7']);
});

test('no link is followed', async ({ signal }) => {
  await writeFile(join(folder, 'secret.yaml'), stringify(plantedCluster()[0]));
  const inner = join(folder, 'dumps');
  await mkdir(inner);
  await symlink(join(folder, 'secret.yaml'), join(inner, 'link.yaml'));
  await expect(readSupport(inner, [], signal)).rejects.toThrow('no object in it');
});

test('a dump that was cut off is named, without what stands in it', async ({ signal }) => {
  await writeFile(join(folder, 'a.yaml'), stringify(plantedCluster()[0]));
  await writeFile(join(folder, 'b.yaml'), 'password: "hunter2');
  const { notes } = await readSupport(folder, [], signal);
  expect(notes).toHaveLength(1);
  expect(notes.join()).not.toContain('hunter2');
});

test('where nothing is, what would be something is said', async ({ signal }) => {
  await expect(readSupport(join(folder, 'none'), [], signal)).rejects.toThrow('ENOENT');
});
