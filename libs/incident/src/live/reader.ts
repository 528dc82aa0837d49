/**
 * A live cluster, read and nothing else: there is one function that speaks to it, and it says GET.
 *
 * By hand and not by the Kubernetes client, which knows many verbs, and drops from objects what its types do not know.
 */
import { request as plainRequest } from 'node:http';
import { request, type RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import { isTable } from '../collect/keep.ts';
import { isRaw, type RawObject } from '../collect/object.ts';

/** A cluster that does not answer within this will not. */
const WITHIN_MS = 30_000;
/** Of one page of a list: 500 objects of the largest kind have some 10 MB. */
const MOST_BYTES = 64 * 2 ** 20;
const PAGE = 500;

/** The cluster does not answer, or does not let itself be read. */
export class ClusterUnreadableError extends Error {
  override readonly name = 'ClusterUnreadableError';
  /** What it said; undefined: nothing. */
  readonly status: number | undefined;
  constructor(message: string, status?: number) {
    super(message);
    this.status = status;
  }
}

/** There is no such kubeconfig, or it names no cluster. */
export class KubeconfigError extends Error {
  override readonly name = 'KubeconfigError';
}

export interface ReaderOptions {
  /** Undefined: where kubectl would look. */
  readonly kubeconfig: string | undefined;
  /** Undefined: the current one. */
  readonly context?: string | undefined;
}

export class Reader {
  readonly #config: KubeConfig;
  readonly server: string;

  /** @throws KubeconfigError */
  constructor({ kubeconfig, context }: ReaderOptions) {
    this.#config = load(kubeconfig, context);
    this.server = this.#config.getCurrentCluster()?.server ?? '';
    if (this.server === '')
      throw new KubeconfigError(`${kubeconfig ?? 'the kubeconfig'} names no cluster. Next: --kubeconfig <file>`);
  }

  /** The release that runs there: `v1.32.1+k3s1`. @throws ClusterUnreadableError */
  async version(signal: AbortSignal): Promise<string> {
    const { gitVersion } = (await this.#get('/version', signal)) as { gitVersion?: string };
    return gitVersion ?? 'unknown';
  }

  /**
   * All objects of a kind; none where the cluster does not know it.
   * @param namespace undefined: of the whole cluster.
   * @throws ClusterUnreadableError; its status is 403 where one may not.
   */
  async list(
    { apiVersion, plural, namespace }: { apiVersion: string; plural: string; namespace?: string | undefined },
    signal: AbortSignal,
  ): Promise<readonly Omit<RawObject, 'kind'>[]> {
    const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const path = [group, ...(namespace === undefined ? [] : ['namespaces', namespace]), plural].join('/');
    const items: Omit<RawObject, 'kind'>[] = [];
    let from: string | undefined;
    do {
      const query = new URLSearchParams({ limit: String(PAGE), ...(from && { continue: from }) });
      const page = await this.#page(`${path}?${query.toString()}`, signal);
      // Objects in a list have neither: the list has.
      items.push(...(page.items ?? []).filter((item) => isRaw({ apiVersion, kind: plural, ...item })));
      from = page.metadata?.continue;
    } while (from);
    return items.map((item) => ({ ...item, apiVersion }));
  }

  async #page(path: string, signal: AbortSignal): Promise<Page> {
    try {
      return (await this.#get(path, signal)) as Page;
    } catch (error) {
      if (error instanceof ClusterUnreadableError && error.status === 404) return {};
      throw error;
    }
  }

  async #credentials(): Promise<RequestOptions> {
    const options: RequestOptions = {};
    // What has no TLS, as kubectl proxy has none, has nobody to be known to.
    if (this.server.startsWith('https:')) await this.#config.applyToHTTPSOptions(options);
    return options;
  }

  async #get(path: string, signal: AbortSignal): Promise<unknown> {
    const until = AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)]);
    try {
      const options = await this.#credentials();
      const { status, body } = await get(new URL(`${this.server.replace(/\/$/, '')}${path}`), {
        ...options,
        signal: until,
      });
      if (status === 200) return JSON.parse(body) as unknown;
      throw new ClusterUnreadableError(`${this.server} could not be read: ${path}: ${status} ${wordsOf(body)}`, status);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ClusterUnreadableError) throw error;
      const reason = until.aborted ? `no answer within ${WITHIN_MS / 1000} s` : reasonOf(error);
      throw new ClusterUnreadableError(`${this.server} could not be read: ${reason}`);
    }
  }
}

interface Page {
  readonly items?: readonly Omit<RawObject, 'kind'>[];
  readonly metadata?: { readonly continue?: string };
}

function load(kubeconfig: string | undefined, context: string | undefined): KubeConfig {
  const config = new KubeConfig();
  try {
    if (kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(kubeconfig);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new KubeconfigError(
      `--kubeconfig ${kubeconfig ?? '(default)'}: ${reason}. Allowed: a file as kubectl takes it`,
    );
  }
  if (context === undefined) return config;
  const known = config.getContexts().map(({ name }) => name);
  if (!known.includes(context))
    throw new KubeconfigError(`--context ${context}: there is none. Allowed: ${known.join(', ') || 'none is there'}`);
  config.setCurrentContext(context);
  return config;
}

function get(url: URL, options: RequestOptions): Promise<{ status: number; body: string }> {
  const send = url.protocol === 'http:' ? plainRequest : request;
  return new Promise((resolve, reject) => {
    const asked = send(url, { ...options, method: 'GET' }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MOST_BYTES) asked.destroy(new Error(`more than ${MOST_BYTES} bytes for one page`));
        else chunks.push(chunk);
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
      );
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** The API says why; a proxy in front of it says something. */
function wordsOf(body: string): string {
  try {
    const said: unknown = JSON.parse(body);
    return isTable(said) && typeof said['message'] === 'string' ? said['message'] : '';
  } catch {
    return body.slice(0, 200);
  }
}

/** What a client says of a connection stands in the cause of what it says of the request. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${reasonOf(error.cause)}`;
}
