/** What the app answers to a request: a table of paths, each a small function. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setInterval as every, setTimeout as pause } from 'node:timers/promises';
import type { Self } from './self.ts';
import { usersOf } from './users.ts';

interface Exchange {
  readonly self: Self;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Aborted on SIGTERM: /healthz then says 503, streams end, and connections are kept no longer. */
  readonly leaving: AbortSignal;
}

interface Asked extends Exchange {
  readonly url: URL;
}

type Answer = (asked: Asked) => void | Promise<void>;

const LONGEST_SLOW_MS = 60_000;
const LARGEST_PAD = 65_536;
const STREAM_EVERY_MS = 100;

const ANSWERS: Readonly<Record<string, Answer>> = {
  '/users': (asked) => sendJson(asked, 200, usersOf(asked.self.pod)),
  '/healthz': (asked) => (asked.leaving.aborted ? sendText(asked, 503, 'leaving\n') : sendText(asked, 200, 'ok\n')),
  '/whoami': whoami,
  '/slow': slow,
  '/stream': stream,
};

/** Answers one request. A URL that cannot be read is 400, a path that is not there 404, another method than GET and HEAD 405. */
export async function answer(exchange: Exchange): Promise<void> {
  const { self, request, response } = exchange;
  response.setHeader('x-answered-by', `${self.pod}@${self.node}`);
  const requestId = request.headers['x-request-id'];
  if (requestId) response.setHeader('x-request-id', requestId);

  const url = urlOf(request);
  if (!url) return sendText(exchange, 400, 'the URL cannot be read\n');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    return sendText(exchange, 405, 'allowed: GET, HEAD\n');
  }
  const asked = { ...exchange, url };
  const found = Object.hasOwn(ANSWERS, url.pathname) ? ANSWERS[url.pathname] : undefined;
  if (found) return found(asked);
  const id = /^\/users\/([^/]+)$/.exec(url.pathname)?.[1];
  return id === undefined ? sendText(asked, 404, 'not found\n') : oneUser(asked, id);
}

function urlOf(request: IncomingMessage): URL | undefined {
  const target = request.url ?? '';
  if (!target.startsWith('/') || target.startsWith('//')) return undefined;
  try {
    decodeURIComponent(target);
    return new URL(target, 'http://userlist');
  } catch {
    return undefined;
  }
}

/** As the original does: an id that nobody has is 200 without a body, one that is no number 400. */
function oneUser(asked: Asked, id: string): void {
  if (!/^\d+$/.test(id)) return sendText(asked, 400, 'the id is a whole number\n');
  const user = usersOf(asked.self.pod).find((candidate) => candidate.id === Number(id));
  return user ? sendJson(asked, 200, user) : send(asked, 200, undefined, '');
}

/** With `?pad=` so many bytes larger: an answer that no packet carries whole. */
function whoami(asked: Asked): void {
  const { self, request, url } = asked;
  const pad = url.searchParams.get('pad') ?? '0';
  if (!/^\d+$/.test(pad) || Number(pad) > LARGEST_PAD) {
    return sendText(asked, 400, `pad: a whole number from 0 to ${LARGEST_PAD}, e.g. /whoami?pad=8192\n`);
  }
  sendJson(asked, 200, {
    pod: self.pod,
    node: self.node,
    address: plain(request.socket.localAddress),
    remoteAddress: plain(request.socket.remoteAddress),
    forwardedFor: request.headers['x-forwarded-for'] ?? null,
    requestId: request.headers['x-request-id'] ?? null,
    ...(Number(pad) > 0 && { pad: '.'.repeat(Number(pad)) }),
  });
}

/** An IPv4 address that came in on a dual-stack socket is written as IPv4. */
function plain(address: string | undefined): string | null {
  return address?.replace(/^::ffff:/, '') ?? null;
}

/** Answers after `?ms=`. It goes on while the app is leaving: a request in flight is finished. */
async function slow(asked: Asked): Promise<void> {
  const text = asked.url.searchParams.get('ms') ?? '';
  const ms = Number(text);
  if (!/^\d+$/.test(text) || ms > LONGEST_SLOW_MS) {
    return sendText(asked, 400, `ms: a whole number from 0 to ${LONGEST_SLOW_MS}, e.g. /slow?ms=500\n`);
  }
  await pause(ms, undefined, { signal: gone(asked.response) });
  sendJson(asked, 200, { ms });
}

/**
 * One line every 100 ms until the client or the app leaves.
 *
 * A client that does not read gets no more lines, but the sequence goes on: the gap tells how long it was stuck.
 */
async function stream({ self, request, response, leaving }: Asked): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
  if (request.method === 'HEAD') return void response.end();
  let sequence = 0;
  const line = () => response.writableNeedDrain || response.write(`${JSON.stringify({ sequence, pod: self.pod })}\n`);
  line();
  try {
    for await (const _ of every(STREAM_EVERY_MS, undefined, { signal: AbortSignal.any([leaving, gone(response)]) })) {
      sequence++;
      line();
    }
  } finally {
    response.end();
  }
}

/** Aborted when the connection closes before the answer was sent. */
function gone(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => controller.abort());
  return controller.signal;
}

function sendJson(exchange: Exchange, status: number, value: unknown): void {
  send(exchange, status, 'application/json', JSON.stringify(value));
}

function sendText(exchange: Exchange, status: number, text: string): void {
  send(exchange, status, 'text/plain; charset=utf-8', text);
}

function send({ response, leaving }: Exchange, status: number, contentType: string | undefined, body: string): void {
  response.writeHead(status, {
    ...(contentType && { 'content-type': contentType }),
    'content-length': Buffer.byteLength(body),
    ...(leaving.aborted && { connection: 'close' }),
  });
  response.end(body);
}
