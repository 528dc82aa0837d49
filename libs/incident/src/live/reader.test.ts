import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { plantedCluster } from '../collect/planted.ts';
import { configOf, fakeApi } from './fake-api.ts';
import { readLive } from './read-cluster.ts';
import { Reader } from './reader.ts';

async function planted(forbidden?: string) {
  const api = await fakeApi({ objects: plantedCluster, ...(forbidden !== undefined && { forbidden }) });
  onTestFinished(() => api[Symbol.asyncDispose]());
  return { ...api, reader: new Reader({ kubeconfig: api.kubeconfig }) };
}

test('a live cluster is read, and nothing but read: no Secret, no ConfigMap, no other word than GET', async ({
  signal,
}) => {
  const { reader, asked } = await planted();
  const { objects, notes } = await readLive(reader, [], signal);
  expect(objects.filter(({ kind }) => kind === 'Middleware')).toHaveLength(4);
  expect(objects.map(({ kind }) => kind)).not.toContain('Secret');
  expect(notes).toEqual([]);
  expect(asked.filter((words) => !words.startsWith('GET '))).toEqual([]);
  expect(asked.filter((words) => /secret|configmap/i.test(words))).toEqual([]);
});

test('of namespaces alone only those are asked, and kube-system, where Traefik is', async ({ signal }) => {
  const { reader, asked } = await planted();
  await readLive(reader, ['shop'], signal);
  expect(asked).toContain('GET /api/v1/namespaces/shop/services');
  expect(asked).toContain('GET /apis/helm.cattle.io/v1/namespaces/kube-system/helmchartconfigs');
  expect(asked).not.toContain('GET /api/v1/services');
});

test('what one may not read is said, and the rest is read', async ({ signal }) => {
  const { reader } = await planted('nodes');
  const { objects, notes } = await readLive(reader, [], signal);
  expect(notes).toEqual(['not allowed to read nodes: none here']);
  expect(objects.length).toBeGreaterThan(5);
});

test('a context that is not there names those that are', async () => {
  const { kubeconfig } = await planted();
  expect(() => new Reader({ kubeconfig, context: 'three' })).toThrow('Allowed: one, two');
});

test('a kubeconfig that is not there is refused by its name', () => {
  expect(() => new Reader({ kubeconfig: '/none/such' })).toThrow('--kubeconfig /none/such');
});

test('a cluster that does not answer says so', async ({ signal }) => {
  const folder = await mkdtemp(join(tmpdir(), 'reader-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, JSON.stringify(configOf('http://127.0.0.1:9')));
  await expect(readLive(new Reader({ kubeconfig }), [], signal)).rejects.toThrow('could not be read');
});
