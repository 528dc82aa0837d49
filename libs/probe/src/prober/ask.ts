/** One question of a sweep, answered within its time or not. */
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { How } from '../sweep/spec.ts';
import { classOfError } from './classify.ts';

export interface Answer {
  /** Absent: it was a good one. */
  readonly error?: string;
  /** Whether the one asked saw the asker's own address; null where it does not say. */
  readonly sourceKept: boolean | null;
}

const GOOD: Answer = { sourceKept: null };

export async function ask(how: How, withinMs: number): Promise<Answer> {
  const late = new AbortController();
  const over = late.signal;
  // After a hold-up of our own, the timer is due before the answer, which waits in the socket, was read. Answers go first.
  const timer = setTimeout(() => setImmediate(() => late.abort()), withinMs);
  try {
    switch (how.kind) {
      case 'whoami':
        return await whoami(how, over);
      case 'connect':
        return await connected(how, over);
      case 'echo':
        return await echoed(how, withinMs, over);
      case 'resolve':
        return await resolved(how, over);
    }
  } catch (error) {
    return { error: over.aborted ? 'timeout' : reasonOf(error), sourceKept: null };
  } finally {
    clearTimeout(timer);
  }
}

type Of<K extends How['kind']> = Extract<How, { kind: K }>;

/**
 * The answer says which pod gave it and whom it saw. A large one comes in segments as long as the path is thought to carry,
 * none of which may be taken apart on the way (Linux' TCP says so in each).
 */
async function whoami({ address, port, pod, pad }: Of<'whoami'>, signal: AbortSignal): Promise<Answer> {
  const response = await responseOf(`http://${address}:${port}/whoami${pad > 0 ? `?pad=${pad}` : ''}`, signal);
  const own = response.socket.localAddress;
  const body = await text(response);
  if (response.statusCode !== 200) return { error: `HTTP ${response.statusCode}`, sourceKept: null };
  const said = JSON.parse(body) as { readonly pod?: string; readonly remoteAddress?: string };
  if (said.pod !== pod) return { error: `wrong answer: from ${String(said.pod)}, not ${pod}`, sourceKept: null };
  if (body.length < pad) return { error: `wrong answer: ${body.length} bytes, not ${pad}`, sourceKept: null };
  return { sourceKept: said.remoteAddress === own };
}

function responseOf(url: string, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false, signal }, resolve).once('error', reject);
  });
}

function connected({ address, port }: Of<'connect'>, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, signal });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.resetAndDestroy();
      resolve(GOOD);
    });
  });
}

/** From a socket of its own, so that no flow that conntrack knows lets it through. */
function echoed({ address, port }: Of<'echo'>, withinMs: number, signal: AbortSignal): Promise<Answer> {
  return new Promise<Answer>((resolve, reject) => {
    const socket = createSocket({ type: 'udp4', signal });
    // What the kernel says of a port that is shut is no news: the next datagram may come through.
    const send = () => socket.send('faultline', port, address, () => {});
    const again = setInterval(send, withinMs / 3);
    socket
      .on('error', () => {})
      .once('close', () => {
        clearInterval(again);
        reject(new Error('closed'));
      });
    socket.once('message', () => {
      resolve(GOOD);
      socket.close();
    });
    send();
  });
}

/** Of the resolver itself, which looks at it once a second: longer than any question, which is told when it is over. */
const NEVER_MS = 60_000;

/** Each with a resolver of its own: another socket, another flow. */
async function resolved({ address, names }: Of<'resolve'>, signal: AbortSignal): Promise<Answer> {
  await Promise.all(
    names.map((name) => {
      const resolver = new Resolver({ tries: 1, timeout: NEVER_MS });
      resolver.setServers([address]);
      signal.addEventListener('abort', () => resolver.cancel(), { once: true });
      return resolver.resolve4(name);
    }),
  );
  return GOOD;
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = classOfError(error);
  return known === 'other' ? code || String(error) : known;
}
