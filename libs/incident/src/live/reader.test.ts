import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { plantedCluster } from '../collect/planted.ts';
import { readLive } from './read-cluster.ts';
import { Reader } from './reader.ts';

interface Fake {
  readonly reader: Reader;
  readonly kubeconfig: string;
  /** `GET /version`. */
  readonly asked: string[];
}

/** An API that has the planted cluster, forbids one kind, and gives lists in pages of one. */
async function fakeApi({ forbidden = '' }: { forbidden?: string } = {}): Promise<Fake> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    asked.push(`${request.method} ${url.pathname}`);
    const say = (status: number, body: object) => response.writeHead(status).end(JSON.stringify(body));
    if (url.pathname === '/version') return say(200, { gitVersion: 'v1.33.3+k3s1' });
    const plural = url.pathname.split('/').at(-1) ?? '';
    if (plural === forbidden) return say(403, { message: 'forbidden' });
    if (/containo/.test(url.pathname)) return say(404, { message: 'no such group' });
    const items = plantedCluster().filter(({ kind }) => `${kind.toLowerCase()}s` === plural);
    const at = Number(url.searchParams.get('continue') ?? 0);
    const next = at + 1 < items.length ? { continue: String(at + 1) } : {};
    return say(200, { metadata: next, items: items.slice(at, at + 1).map((item) => ({ ...item, kind: undefined })) });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const folder = await mkdtemp(join(tmpdir(), 'reader-'));
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });
  const kubeconfig = join(folder, 'kubeconfig');
  const { port } = server.address() as AddressInfo;
  const context = (name: string) => ({ name, context: { cluster: 'c', user: 'u' } });
  const config = {
    clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: 'u', user: {} }],
    contexts: [context('one'), context('two')],
    'current-context': 'one',
  };
  await writeFile(kubeconfig, JSON.stringify(config));
  return { reader: new Reader({ kubeconfig }), kubeconfig, asked };
}

test('a live cluster is read, and nothing but read: no Secret, no ConfigMap, no other word than GET', async ({
  signal,
}) => {
  const { reader, asked } = await fakeApi();
  const { objects, notes } = await readLive(reader, [], signal);
  expect(objects.filter(({ kind }) => kind === 'Middleware')).toHaveLength(4);
  expect(objects.map(({ kind }) => kind)).not.toContain('Secret');
  expect(notes).toEqual([]);
  expect(asked.filter((words) => !words.startsWith('GET '))).toEqual([]);
  expect(asked.filter((words) => /secret|configmap/i.test(words))).toEqual([]);
});

test('of namespaces alone only those are asked, and kube-system, where Traefik is', async ({ signal }) => {
  const { reader, asked } = await fakeApi();
  await readLive(reader, ['shop'], signal);
  expect(asked).toContain('GET /api/v1/namespaces/shop/services');
  expect(asked).toContain('GET /apis/helm.cattle.io/v1/namespaces/kube-system/helmchartconfigs');
  expect(asked).not.toContain('GET /api/v1/services');
});

test('what one may not read is said, and the rest is read', async ({ signal }) => {
  const { reader } = await fakeApi({ forbidden: 'nodes' });
  const { objects, notes } = await readLive(reader, [], signal);
  expect(notes).toEqual(['not allowed to read nodes: none here']);
  expect(objects.length).toBeGreaterThan(5);
});

test('a context that is not there names those that are', async () => {
  const { kubeconfig } = await fakeApi();
  expect(() => new Reader({ kubeconfig, context: 'three' })).toThrow('Allowed: one, two');
});

test('a kubeconfig that is not there is refused by its name', () => {
  expect(() => new Reader({ kubeconfig: '/none/such' })).toThrow('--kubeconfig /none/such');
});

test('a cluster that does not answer says so', async ({ signal }) => {
  const { reader } = await fakeApi();
  const gone = await mkdtemp(join(tmpdir(), 'reader-'));
  onTestFinished(() => rm(gone, { recursive: true }));
  const config = join(gone, 'kubeconfig');
  await writeFile(
    config,
    JSON.stringify({
      clusters: [{ name: 'c', cluster: { server: 'http://127.0.0.1:9' } }],
      users: [{ name: 'u', user: {} }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    }),
  );
  await expect(readLive(new Reader({ kubeconfig: config }), [], signal)).rejects.toThrow('could not be read');
  expect(await reader.version(signal)).toBe('v1.33.3+k3s1');
});
