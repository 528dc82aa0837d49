/**
 * Watches the control plane: one connection for each kind of object, what changed dated when it was received.
 *
 * Not by the client library's Watch, which cannot be ended while it connects and drops a connection that was quiet for
 * 30 s. A watch whose server is frozen simply waits, and goes on where it was.
 */
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request, type RequestOptions } from 'node:https';
import { elapse } from '@faultline/control';
import { SECOND, type History, type Nanoseconds } from '@faultline/history';
import { KubeConfig } from '@kubernetes/client-node';
import { KINDS, RESOURCES, summaryOf, type Kind, type KubernetesObject } from './summary.ts';

export interface WatchOptions {
  readonly history: History;
  readonly signal: AbortSignal;
  /** KINDS unless told. */
  readonly kinds?: readonly Kind[];
}

interface Message {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: KubernetesObject & { readonly code?: number; readonly message?: string };
}

const RETRY_MS = 250;
/** A shorter break is no gap worth a note: nothing is missed, only dated late by that much. */
const GAP = SECOND / 2;
const GONE = 410;
const NOT_FOUND = 404;
/** Whose kind the API does not know may be installed later: it is asked again, but not often. */
const UNKNOWN_RETRY_MS = 5000;

/**
 * Appends `watch` events until disposed: first one for every object that is there (but no old Events), then what changes of
 * what matters. An API that does not answer is asked again for ever, and the gap is noted. Never rejects for the API's sake.
 * @throws Error when the kubeconfig cannot be read or names no cluster.
 */
export async function watchCluster(kubeconfigPath: string, options: WatchOptions): Promise<AsyncDisposable> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfigPath);
  if (!config.getCurrentCluster()) throw new Error(`${kubeconfigPath}: names no cluster to watch`);
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  const watches = (options.kinds ?? KINDS).map((kind) => follow(config, kind, { ...options, signal }));
  return {
    [Symbol.asyncDispose]: async () => {
      ending.abort();
      await Promise.all(watches);
    },
  };
}

async function follow(config: KubeConfig, kind: Kind, { history, signal }: WatchOptions): Promise<void> {
  const seen = taker(kind, history);
  let lost: Gap | undefined;
  let unknown = false;
  while (!signal.aborted) {
    let againAfterMs = RETRY_MS;
    try {
      if (kind === 'Event' && seen.version() === undefined) seen.from(await newest(config, kind, signal));
      const response = await open(config, kind, { version: seen.version() }, signal);
      noteGap(history, kind, lost);
      lost = undefined;
      for await (const line of lines(response)) seen.take(JSON.parse(line) as Message);
      lost = { since: history.clock.now(), why: 'the server closed it' };
    } catch (error) {
      if (signal.aborted) break;
      if (error instanceof GoneError) seen.from(undefined);
      if (error instanceof UnknownKindError) {
        if (!unknown)
          history.append({ type: 'note', level: 'info', text: `${kind} is not watched yet: ${error.message}` });
        unknown = true;
        againAfterMs = UNKNOWN_RETRY_MS;
      } else lost ??= { since: history.clock.now(), why: error instanceof Error ? error.message : String(error) };
    }
    await elapse(againAfterMs, signal).catch(() => {});
  }
  noteGap(history, kind, lost);
}

interface Gap {
  readonly since: Nanoseconds;
  readonly why: string;
}

function noteGap(history: History, kind: Kind, gap: Gap | undefined): void {
  const lasted = gap ? history.clock.now() - gap.since : 0;
  if (!gap || lasted < GAP) return;
  const text = `the watch of ${kind} was cut off for ${(lasted / SECOND).toFixed(1)} s (${gap.why}): what changed meanwhile is dated late`;
  history.append({ type: 'note', level: 'warning', text });
}

interface Taker {
  take(message: Message): void;
  /** Where to go on; undefined: from the beginning. */
  version(): string | undefined;
  from(version: string | undefined): void;
}

/** Appends what changed of what matters. */
function taker(kind: Kind, history: History): Taker {
  const known = new Map<string, string>();
  let version: string | undefined;
  return {
    version: () => version,
    from: (newVersion) => (version = newVersion),
    take({ type, object }) {
      if (type === 'ERROR')
        throw object.code === GONE ? new GoneError() : new Error(object.message ?? 'the server reported an error');
      version = object.metadata?.resourceVersion ?? version;
      if (type === 'BOOKMARK') return;
      const name = object.metadata?.name ?? '?';
      const namespace = object.metadata?.namespace ?? null;
      const summary = summaryOf(kind, object);
      const key = `${namespace}/${name}`;
      const text = JSON.stringify(summary);
      if (type !== 'DELETED' && known.get(key) === text) return;
      if (type === 'DELETED') known.delete(key);
      else known.set(key, text);
      history.append({ type: 'watch', kind, verb: type, namespace, name, summary });
    },
  };
}

/** The server no longer knows the version to go on from. */
class GoneError extends Error {
  constructor() {
    super('the server has forgotten where the watch was');
    this.name = 'GoneError';
  }
}

/** The API has no such kind: what brings it is not installed, or not yet. */
class UnknownKindError extends Error {
  constructor(path: string) {
    super(`the API has no ${path}`);
    this.name = 'UnknownKindError';
  }
}

/** The version of now. */
async function newest(config: KubeConfig, kind: Kind, signal: AbortSignal): Promise<string | undefined> {
  const response = await get(config, `${RESOURCES[kind].path}?limit=1`, signal);
  let text = '';
  for await (const piece of response.setEncoding('utf8')) text += String(piece);
  return (JSON.parse(text) as { metadata?: { resourceVersion?: string } }).metadata?.resourceVersion;
}

function open(
  config: KubeConfig,
  kind: Kind,
  { version }: { version: string | undefined },
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { path, fieldSelector } = RESOURCES[kind];
  const query = new URLSearchParams({
    watch: 'true',
    allowWatchBookmarks: 'true',
    ...(version !== undefined && { resourceVersion: version }),
    ...(fieldSelector !== undefined && { fieldSelector }),
  });
  return get(config, `${path}?${query.toString()}`, signal);
}

/** Unlike readline, it ends with an error when the connection breaks. */
async function* lines(response: IncomingMessage): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of response.setEncoding('utf8')) {
    const complete = `${rest}${String(piece)}`.split('\n');
    rest = complete.pop() ?? '';
    yield* complete;
  }
}

async function get(config: KubeConfig, path: string, signal: AbortSignal): Promise<IncomingMessage> {
  const url = new URL((config.getCurrentCluster()?.server ?? '') + path);
  const options: RequestOptions = { method: 'GET' };
  await config.applyToHTTPSOptions(options);
  const asked = (url.protocol === 'http:' ? httpRequest : request)(url, { ...options, signal });
  // An error before the answer rejects `once`; one after it is the response's.
  asked.on('error', () => {});
  asked.end();
  const [response] = (await once(asked, 'response', { signal })) as [IncomingMessage];
  if (response.statusCode === 200) return response;
  response.resume();
  if (response.statusCode === GONE) throw new GoneError();
  if (response.statusCode === NOT_FOUND) throw new UnknownKindError(url.pathname);
  throw new Error(`the server answered ${response.statusCode}`);
}
