import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { KubernetesObject } from '@kubernetes/client-node';
import { done, notYet, type Answer } from '@faultline/control';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Kube, pathOf, type Selection } from './kube.ts';
import { planWorkload } from './manifests.ts';
import { DEFAULT_HOST } from './spec.ts';

const PODS: Selection<KubernetesObject> = {
  apiVersion: 'v1',
  kind: 'Pod',
  plural: 'pods',
  namespace: 'default',
  labelSelector: 'a=b',
};
const pod = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' } });
const RESOURCES = {
  '/api/v1': ['Service', 'services', 'Pod', 'pods'],
  '/apis/apps/v1': ['Deployment', 'deployments'],
} as const;

type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => void;

/** As much of the Kubernetes API as is asked for: discovery, lists of what `items` holds, and whatever a test adds. */
async function startApi() {
  const api = {
    items: [] as object[],
    requests: [] as { line: string; body: string; type: string }[],
    onWatch: undefined as Handler | undefined,
    status: 200,
  };
  const server = createServer((request, response) => void serve(request, response));
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://api');
    const send = (status: number, value: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    const kinds = Object.hasOwn(RESOURCES, url.pathname)
      ? RESOURCES[url.pathname as keyof typeof RESOURCES]
      : undefined;
    if (kinds) {
      const resources = kinds.flatMap((kind, at) =>
        at % 2 === 0 ? [{ kind, name: kinds[at + 1], namespaced: true, singularName: '', verbs: [] }] : [],
      );
      return send(200, { kind: 'APIResourceList', groupVersion: '', resources });
    }
    api.requests.push({
      line: `${request.method} ${request.url}`,
      body: await text(request),
      type: request.headers['content-type'] ?? '',
    });
    if (url.searchParams.has('watch')) return api.onWatch?.(request, response, url);
    if (request.method === 'GET')
      return send(200, { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '7' }, items: api.items });
    return send(api.status, api.status === 200 ? pod('x') : { kind: 'Status', code: api.status });
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const folder = await mkdtemp(join(tmpdir(), 'faultline-kube-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const config = {
    clusters: [
      {
        name: 'c',
        cluster: {
          server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
          'insecure-skip-tls-verify': true,
        },
      },
    ],
    users: [{ name: 'u', user: {} }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  await writeFile(kubeconfig, JSON.stringify(config));
  return Object.assign(api, {
    kube: new Kube(kubeconfig),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true });
    },
  });
}

const say = (response: ServerResponse, type: string, object: object) =>
  response.write(`${JSON.stringify({ type, object })}\n`);
const has =
  (count: number) =>
  (objects: readonly KubernetesObject[]): Answer<number> =>
    objects.length === count ? done(count) : notYet(`${objects.length} pods`);
const { signal } = new AbortController();

let api: Awaited<ReturnType<typeof startApi>>;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api[Symbol.asyncDispose]());

describe('a watch until', () => {
  test('what is there already is enough: nothing is watched', async () => {
    api.items = [pod('a')];
    expect(await api.kube.until('a pod', PODS, has(1), { signal, withinMs: 2000 })).toBe(1);
    expect(api.requests.map(({ line }) => line)).toEqual(['GET /api/v1/namespaces/default/pods?labelSelector=a%3Db']);
  });

  test('nothing at all may be what is waited for', async () => {
    expect(await api.kube.until('no pod', PODS, has(0), { signal, withinMs: 2000 })).toBe(0);
  });

  test('goes on from the list, and counts what comes, changes and goes', async () => {
    api.items = [pod('a')];
    const counts: number[] = [];
    api.onWatch = (_request, response) => {
      say(response, 'ADDED', pod('b'));
      say(response, 'MODIFIED', pod('b'));
      say(response, 'DELETED', pod('a'));
      say(response, 'ADDED', pod('c'));
      say(response, 'ADDED', pod('d'));
    };
    const judge = (objects: readonly KubernetesObject[]) => (counts.push(objects.length), has(3)(objects));
    expect(await api.kube.until('three pods', PODS, judge, { signal, withinMs: 2000 })).toBe(3);
    expect(counts).toEqual([1, 2, 2, 1, 2, 3]);
    expect(api.requests[1]?.line).toContain('resourceVersion=7');
  });

  test.each([
    ['is closed', (response: ServerResponse) => response.end()],
    ['has expired', (response: ServerResponse) => say(response, 'ERROR', { kind: 'Status', code: 410 })],
    ['breaks', (response: ServerResponse) => response.destroy()],
  ])('one that %s is begun again, from a new list', async (_how, end) => {
    let watches = 0;
    api.onWatch = (_request, response) => {
      response.writeHead(200).flushHeaders();
      if (++watches === 2) api.items = [pod('a')];
      end(response);
    };
    expect(await api.kube.until('a pod', PODS, has(1), { signal, withinMs: 5000 })).toBe(1);
    expect(watches).toBe(2);
  });

  test('at its deadline it says what the judge last saw', async () => {
    api.onWatch = (_request, response) => void say(response, 'ADDED', pod('a'));
    await expect(api.kube.until('two pods', PODS, has(2), { signal, withinMs: 400 })).rejects.toThrow(
      /two pods: not within 0\.4 s .* Last seen: 1 pods/,
    );
  });

  test('it heeds the signal', async () => {
    const controller = new AbortController();
    api.onWatch = (_request, response) => {
      response.writeHead(200).flushHeaders();
      controller.abort(new Error('enough'));
    };
    await expect(api.kube.until('a pod', PODS, has(1), { signal: controller.signal, withinMs: 5000 })).rejects.toThrow(
      'enough',
    );
  });
});

describe('applying', () => {
  const { deployment } = planWorkload({
    app: 'faultline/userlist:1',
    replicas: 2,
    host: DEFAULT_HOST,
    place: 'spread',
  });

  test('is server-side apply of the whole object, as faultline, with force', async () => {
    await api.kube.apply(deployment, signal);
    const [request] = api.requests;
    expect(request?.line).toBe(
      'PATCH /apis/apps/v1/namespaces/default/deployments/userlist?fieldManager=faultline&force=true',
    );
    expect(request?.type).toBe('application/apply-patch+yaml');
    expect(JSON.parse(request?.body ?? '')).toEqual(deployment);
  });

  test('what the API refuses is an error', async () => {
    api.status = 403;
    await expect(api.kube.apply(deployment, signal)).rejects.toThrow(/403/);
  });

  test('an object that is gone already is removed', async () => {
    api.status = 404;
    await api.kube.remove(deployment, signal);
    expect(api.requests[0]?.line).toMatch(/^DELETE .*deployments\/userlist\?propagationPolicy=Background$/);
  });

  test('one that cannot be removed is an error', async () => {
    api.status = 409;
    await expect(api.kube.remove(deployment, signal)).rejects.toThrow(/409/);
  });
});

test('the path of a kind is that of its group', () => {
  expect(pathOf({ apiVersion: 'v1', kind: 'Node', plural: 'nodes' })).toBe('/api/v1/nodes');
  expect(pathOf({ apiVersion: 'apps/v1', kind: 'Deployment', plural: 'deployments', namespace: 'x' })).toBe(
    '/apis/apps/v1/namespaces/x/deployments',
  );
});
