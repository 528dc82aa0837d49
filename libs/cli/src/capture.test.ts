import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBundle } from '@faultline/incident';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { execute } from './command/capture.ts';
import { isUnreadable, isUsage } from './refusal.ts';

const { signal } = new AbortController();
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'capture-'));
  const log = vi.spyOn(console, 'log').mockReturnValue();
  onTestFinished(async () => {
    log.mockRestore();
    await rm(folder, { recursive: true });
  });
});

const node = (name: string, labels: object) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels, annotations: { 'flannel.alpha.coreos.com/backend-type': 'host-gw' } },
  status: {
    addresses: [{ type: 'InternalIP', address: `192.168.7.${name.length}` }],
    conditions: [{ type: 'Ready', status: 'True' }],
    nodeInfo: { kubeletVersion: 'v1.33.1+k3s1' },
  },
});

async function support(items: readonly object[]): Promise<string> {
  const path = join(folder, 'all.json');
  await writeFile(path, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  return path;
}

const cluster = [
  node('one', { 'node-role.kubernetes.io/control-plane': 'true' }),
  node('three', {}),
  node('fours', {}),
];
const refusalOf = (options: Record<string, string>) =>
  execute([], options, signal).then(
    () => undefined,
    (error: unknown) => error,
  );

test('dumps of a dead cluster become a bundle of the nearest one that can be booted', async () => {
  const out = join(folder, 'bundle.tgz');
  expect(await execute([], { support: await support(cluster), out, fault: 'kill-the-ingress-node' }, signal)).toBe(0);
  const { about, scenario } = await readBundle(out, { signal });
  expect(about.k3s).toEqual({ seen: 'v1.33.1+k3s1', taken: 'v1.33.3+k3s1' });
  expect(about.notes).toContain('k3s v1.33.1+k3s1: v1.33.3+k3s1 here');
  expect(scenario).toMatchObject({
    name: 'captured-kill-the-ingress-node',
    topology: { servers: 1, agents: 2 },
    matrix: { backend: ['host-gw'], loadBalancer: ['servicelb'] },
    faults: [{ kind: 'node-kill' }],
  });
});

test('a fault that such a cluster cannot be asked is refused now, and nothing is written', async () => {
  const out = join(folder, 'bundle.tgz');
  const path = await support(cluster);
  const error = await refusalOf({ support: path, out, fault: 'cut-the-announcer-from-its-peers' });
  expect(isUsage(error)).toBe(true);
  await expect(readFile(out)).rejects.toThrow('ENOENT');
});

test('what is there already is not written over', async () => {
  const path = await support(cluster);
  expect(String(await refusalOf({ support: path, out: path }))).toContain('it is there already');
});

test('a bundle with what looks like a secret is refused by its place: exit code 65', async () => {
  const out = join(folder, 'bundle.tgz');
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'akiaiosfodnn7example' } };
  const named = { ...service, metadata: { name: 'web', namespace: 'ghp_16C7e42F292c6912E7710c838347Ae178B4a' } };
  const error = await refusalOf({ support: await support([...cluster, service, named]), out });
  expect(isUnreadable(error)).toBe(true);
  await expect(readFile(out)).rejects.toThrow('ENOENT');
});

test('dumps and a live cluster are not read at once', async () => {
  const error = await refusalOf({ support: folder, kubeconfig: 'x', out: join(folder, 'x.tgz') });
  expect(isUsage(error)).toBe(true);
});
