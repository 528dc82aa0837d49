/** An API that lists what it is given, for tests: in pages of one, and with a list of what it was asked. */
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KEPT, SEEN } from '../collect/kinds.ts';
import type { RawObject } from '../collect/object.ts';

export interface FakeApi extends AsyncDisposable {
  /** Path of the file; it has the contexts `one` and `two`. */
  readonly kubeconfig: string;
  /** `GET /version`. */
  readonly asked: readonly string[];
}

export interface FakeApiOptions {
  readonly objects: () => readonly RawObject[];
  /** The plural of a kind that one may not read. */
  readonly forbidden?: string;
}

export async function fakeApi({ objects, forbidden }: FakeApiOptions): Promise<FakeApi> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    asked.push(`${request.method} ${url.pathname}`);
    const say = (status: number, body: object) => response.writeHead(status).end(JSON.stringify(body));
    if (url.pathname === '/version') return say(200, { gitVersion: 'v1.33.3+k3s1' });
    const plural = url.pathname.split('/').at(-1) ?? '';
    if (plural === forbidden) return say(403, { message: 'forbidden' });
    if (url.pathname.includes('containo')) return say(404, { message: 'no such group' });
    const [kind] = Object.entries({ ...KEPT, ...SEEN }).find(([, of]) => of.plural === plural) ?? [];
    const items = objects().filter((object) => object.kind === kind);
    const at = Number(url.searchParams.get('continue') ?? 0);
    const next = at + 1 < items.length ? { continue: String(at + 1) } : {};
    return say(200, { metadata: next, items: items.slice(at, at + 1).map((item) => ({ ...item, kind: undefined })) });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const folder = await mkdtemp(join(tmpdir(), 'fake-api-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const { port } = server.address() as AddressInfo;
  await writeFile(kubeconfig, JSON.stringify(configOf(`http://127.0.0.1:${port}`)));
  return {
    kubeconfig,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}

export const configOf = (server: string): object => {
  const context = (name: string) => ({ name, context: { cluster: 'c', user: 'u' } });
  return {
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'u', user: {} }],
    contexts: [context('one'), context('two')],
    'current-context': 'one',
  };
};
