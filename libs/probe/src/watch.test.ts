/** The watches, against an API server of our own on loopback. */
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { done, notYet, waitFor } from '@faultline/control';
import { memoryHistory, SECOND } from '@faultline/history';
import { expect, onTestFinished, test } from 'vitest';
import { KINDS, type Kind } from './summary.ts';
import { watchCluster } from './watch.ts';

const LEASES = '/apis/coordination.k8s.io/v1/leases';
const L2 = '/apis/metallb.io/v1beta1/servicel2statuses';

interface Api {
  readonly kubeconfig: string;
  readonly asked: URL[];
  /** Paths that are not there. */
  readonly unknown: Set<string>;
  /** The open watches of nodes, newest last. */
  readonly nodes: ServerResponse[];
}

const node = (name: string, resourceVersion: string, ready: string) => ({
  metadata: { name, resourceVersion },
  status: { conditions: [{ type: 'Ready', status: ready }] },
});
/** As kube-vip's holder renews it. */
const lease = (renewal: number) => ({
  metadata: { name: 'plndr-svcs-lock', namespace: 'kube-system', resourceVersion: `${renewal}` },
  spec: { holderIdentity: 'agent-0', leaseDurationSeconds: 15, renewTime: `2026-11-21T00:00:0${renewal}Z` },
});
const line = (type: string, object: object) => `${JSON.stringify({ type, object })}\n`;

async function api(answer: (response: ServerResponse, asked: readonly URL[]) => void = () => {}): Promise<Api> {
  const asked: URL[] = [];
  const unknown = new Set<string>();
  const nodes: ServerResponse[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const url = new URL(request.url ?? '/', 'http://api');
    asked.push(url);
    if (unknown.has(url.pathname)) return void response.writeHead(404).end('404 page not found');
    response.writeHead(200, { 'content-type': 'application/json' });
    if (!url.searchParams.has('watch')) return void response.end('{"metadata":{"resourceVersion":"77"}}');
    if (url.pathname === LEASES) for (const at of [1, 2, 3]) response.write(line('MODIFIED', lease(at)));
    if (url.pathname === '/api/v1/nodes') {
      nodes.push(response);
      answer(
        response,
        asked.filter(({ pathname }) => pathname === url.pathname),
      );
    }
    if (!response.writableEnded && !response.destroyed) response.flushHeaders();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const folder = await mkdtemp(join(tmpdir(), 'faultline-watch-'));
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });
  const kubeconfig = join(folder, 'kubeconfig');
  const { port } = server.address() as AddressInfo;
  await writeFile(
    kubeconfig,
    JSON.stringify({
      'current-context': 'it',
      contexts: [{ name: 'it', context: { cluster: 'it', user: 'me' } }],
      clusters: [{ name: 'it', cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'me', user: {} }],
    }),
  );
  return { kubeconfig, asked, unknown, nodes };
}

async function watching(kubeconfig: string, kinds?: readonly Kind[]) {
  const history = memoryHistory();
  const options = { history, signal: new AbortController().signal, ...(kinds && { kinds }) };
  const watches = await watchCluster(kubeconfig, options);
  onTestFinished(() => watches[Symbol.asyncDispose]());
  const stop = () => watches[Symbol.asyncDispose]();
  const changes = () =>
    history.events.flatMap((event) =>
      event.type === 'watch' && event.kind === 'Node' ? [[event.verb, event.name, event.summary['ready']]] : [],
    );
  const notes = () => history.events.flatMap((event) => (event.type === 'note' ? [event.text] : []));
  return { history, changes, notes, stop };
}

const versionsOf = (asked: readonly URL[]) =>
  asked.filter(({ pathname }) => pathname === '/api/v1/nodes').map((url) => url.searchParams.get('resourceVersion'));

const reached = (what: string, isThere: () => boolean) =>
  waitFor(what, async () => (isThere() ? done(undefined) : notYet('not there')), { withinMs: 10_000, everyMs: 5 });

test('what changes is appended, what does not matter is not', async () => {
  const { kubeconfig } = await api((response) => {
    response.write(line('ADDED', node('agent-0', '1', 'True')));
    response.write(line('MODIFIED', node('agent-0', '2', 'True')));
    response.write(line('BOOKMARK', { metadata: { resourceVersion: '3' } }));
    response.write(line('MODIFIED', node('agent-0', '4', 'Unknown')));
    response.write(line('DELETED', node('agent-0', '5', 'Unknown')));
  });
  const { changes } = await watching(kubeconfig);
  await reached('the deletion', () => changes().length === 3);
  expect(changes()).toEqual([
    ['ADDED', 'agent-0', 'True'],
    ['MODIFIED', 'agent-0', 'Unknown'],
    ['DELETED', 'agent-0', 'Unknown'],
  ]);
});

test('a watch that is cut off goes on where it was, and the gap is noted', async () => {
  const { kubeconfig, nodes, asked } = await api((response, before) => {
    if (before.length === 1) response.write(line('ADDED', node('agent-0', '41', 'True')));
    else if (before.length < 4) response.destroy();
    else response.write(line('MODIFIED', node('agent-0', '42', 'False')));
  });
  const { changes, notes } = await watching(kubeconfig);
  await reached('the first node', () => changes().length === 1);
  nodes[0]?.destroy();
  await reached('the change', () => changes().length === 2);
  expect(versionsOf(asked)).toEqual([null, '41', '41', '41']);
  const gap = /^the watch of Node was cut off for 0\.\d s \(.+\): what changed meanwhile is dated late$/;
  expect(notes()).toEqual([expect.stringMatching(gap)]);
});

test('a watch whose place was forgotten begins again, and says nothing twice', async () => {
  const { kubeconfig, asked } = await api((response, before) => {
    response.write(line('ADDED', node('agent-0', '41', 'True')));
    if (before.length === 1) response.end(line('ERROR', { code: 410, message: 'too old resource version' }));
    else response.write(line('ADDED', node('agent-1', '60', 'True')));
  });
  const { changes } = await watching(kubeconfig);
  await reached('the second node', () => changes().length === 2);
  expect(changes().map(([, name]) => name)).toEqual(['agent-0', 'agent-1']);
  expect(versionsOf(asked)).toEqual([null, null]);
});

test('old Events are not told again: they are watched from now', async () => {
  const { kubeconfig, asked } = await api();
  await watching(kubeconfig);
  await reached('the watch of Event', () =>
    asked.some((url) => url.pathname === '/api/v1/events' && url.searchParams.has('watch')),
  );
  const watch = asked.find((url) => url.pathname === '/api/v1/events' && url.searchParams.has('watch'));
  expect(watch?.searchParams.get('resourceVersion')).toBe('77');
});

test('a lease that is renewed and changes no hands is told once, in whatever namespace but that of the nodes', async () => {
  const { kubeconfig, asked } = await api();
  const { history } = await watching(kubeconfig);
  const leases = () => history.events.flatMap((event) => (event.type === 'watch' ? [event] : []));
  await reached('the lease', () => leases().length > 0);
  expect(leases()).toEqual([
    expect.objectContaining({ kind: 'Lease', namespace: 'kube-system', name: 'plndr-svcs-lock' }),
  ]);
  expect(asked.find(({ pathname }) => pathname === LEASES)?.searchParams.get('fieldSelector')).toBe(
    'metadata.namespace!=kube-node-lease',
  );
});

test('only what is asked for is watched', async () => {
  const { kubeconfig, asked } = await api();
  await watching(kubeconfig, ['Node']);
  await reached('the watch', () => asked.length > 0);
  expect(asked.map(({ pathname }) => pathname)).toEqual(['/api/v1/nodes']);
});

test('a kind that the API does not know is noted once, and asked for again seldom', async () => {
  const { kubeconfig, asked, unknown } = await api();
  unknown.add(L2);
  const { history, notes, stop } = await watching(kubeconfig, [...KINDS, 'ServiceL2Status']);
  const begun = history.clock.now();
  await reached('time for three questions', () => history.clock.now() - begun > 0.8 * SECOND);
  await stop();
  expect(asked.filter(({ pathname }) => pathname === L2)).toHaveLength(1);
  expect(notes()).toEqual([`ServiceL2Status is not watched yet: the API has no ${L2}`]);
});

test('watches end while the API does not answer', async () => {
  const { kubeconfig } = await api();
  const watches = await watchCluster(kubeconfig, { history: memoryHistory(), signal: new AbortController().signal });
  const started = performance.now();
  await watches[Symbol.asyncDispose]();
  expect(performance.now() - started).toBeLessThan(1000);
});

test('an API that never answered is told about at the end', async () => {
  const { kubeconfig } = await api();
  await writeFile(kubeconfig, (await readFile(kubeconfig, 'utf8')).replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1'));
  const { history, notes, stop } = await watching(kubeconfig);
  const begun = history.clock.now();
  await reached('half a second of silence', () => history.clock.now() - begun > 0.6 * SECOND);
  await stop();
  expect(notes()).toHaveLength(6);
  expect(notes()[0]).toMatch(/^the watch of \w+ was cut off for \d\.\d s \(.*ECONNREFUSED.*\)/);
});
