/** The Kubernetes API, as a deployment needs it: apply, delete, list, and watch until. Everything heeds the signal. */
import {
  createConfiguration,
  KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
  ServerConfiguration,
  Watch,
  type Configuration,
  type KubernetesListObject,
  type KubernetesObject,
} from '@kubernetes/client-node';
import { done, notYet, waitFor, type Answer } from '@faultline/control';
import type { Manifest } from './manifests.ts';

/** Whose fields they are, for server-side apply. */
const FIELD_MANAGER = 'faultline';

/** A watch that broke is begun again after this. */
const AGAIN_AFTER_MS = 200;

/** Objects of one kind; all of them, or those that the selectors leave. */
export interface Selection<K extends KubernetesObject> {
  readonly apiVersion: string;
  readonly kind: string;
  /** The kind as it stands in paths, e.g. `deployments`. */
  readonly plural: string;
  /** Undefined: of the whole cluster. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Never set: it tells the compiler what the objects are. */
  readonly objects?: K;
}

export interface UntilOptions {
  readonly signal: AbortSignal | undefined;
  readonly withinMs: number;
}

export class Kube {
  readonly #config = new KubeConfig();

  /** @param kubeconfig path of the file */
  constructor(kubeconfig: string) {
    this.#config.loadFromFile(kubeconfig);
  }

  /** Server-side apply: creates it, or changes it into this. */
  async apply(manifest: Manifest, signal: AbortSignal): Promise<void> {
    const api = new KubernetesObjectApi(this.#configuration(signal));
    await api.patch(manifest, undefined, undefined, FIELD_MANAGER, true, PatchStrategy.ServerSideApply);
  }

  /** Deletes it and what it owns; that it is not there is no error. */
  async remove(manifest: Manifest, signal: AbortSignal | undefined): Promise<void> {
    const api = new KubernetesObjectApi(this.#configuration(signal));
    try {
      await api.delete(manifest, undefined, undefined, undefined, undefined, 'Background');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 404)) throw error;
    }
  }

  /**
   * Watches until the judge is done, and returns its value. A watch that breaks is begun again.
   * @param judge called with everything that there is, at each change.
   * @throws DeadlineError with what the judge last saw; the signal's reason on abort.
   */
  async until<K extends KubernetesObject, T>(
    what: string,
    selection: Selection<K>,
    judge: (objects: readonly K[]) => Answer<T>,
    options: UntilOptions,
  ): Promise<T> {
    let saw = 'nothing of the kind';
    return waitFor(
      what,
      async (signal) => {
        const judged = (objects: readonly K[]): Answer<T> => {
          const answer = judge(objects);
          if (!answer.done) ({ saw } = answer);
          return answer;
        };
        const ended = await this.#watch(selection, judged, signal);
        return 'value' in ended ? done(ended.value) : notYet(`${saw} (${ended.why})`);
      },
      { ...options, everyMs: AGAIN_AFTER_MS },
    );
  }

  /** What there is now. */
  async list<K extends KubernetesObject>(
    selection: Selection<K>,
    signal: AbortSignal | undefined,
  ): Promise<readonly K[]> {
    return (await this.#list(selection, signal)).items;
  }

  #list<K extends KubernetesObject>(
    selection: Selection<K>,
    signal: AbortSignal | undefined,
  ): Promise<KubernetesListObject<K>> {
    const { apiVersion, kind, namespace, labelSelector, fieldSelector } = selection;
    const api = new KubernetesObjectApi(this.#configuration(signal));
    return api.list<K>(apiVersion, kind, namespace, undefined, undefined, undefined, fieldSelector, labelSelector);
  }

  /** A list, and one watch from it on: until the judge is done, the watch breaks, or the signal. */
  async #watch<K extends KubernetesObject, T>(
    selection: Selection<K>,
    judge: (objects: readonly K[]) => Answer<T>,
    signal: AbortSignal,
  ): Promise<{ value: T } | { why: string }> {
    const { items, metadata } = await this.#list(selection, signal);
    const answer = judge(items);
    if (answer.done) return answer;
    const objects = new Map(items.map((item) => [keyOf(item), item]));
    const { promise, resolve } = Promise.withResolvers<{ value: T } | { why: string }>();
    const changed = (verb: string, thing: K): void => {
      // A watch that expired says so with a Status instead of an object.
      if (verb === 'ERROR') return resolve({ why: `the watch ended: ${JSON.stringify(thing)}` });
      if (verb === 'DELETED') objects.delete(keyOf(thing));
      else objects.set(keyOf(thing), thing);
      const now = judge([...objects.values()]);
      if (now.done) resolve(now);
    };
    const closed = (error: unknown) =>
      resolve({ why: error instanceof Error ? error.message : 'the watch was closed' });
    const stop = () => resolve({ why: 'still watching' });
    signal.addEventListener('abort', stop, { once: true });
    const { labelSelector, fieldSelector } = selection;
    const query = { labelSelector, fieldSelector, resourceVersion: metadata?.resourceVersion };
    const connection = new Watch(this.#config).watch(pathOf(selection), query, changed, closed);
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', stop);
      // The connection may still be on its way: it is closed when it comes.
      void connection.then((controller) => controller.abort());
    }
  }

  #configuration(signal: AbortSignal | undefined): Configuration {
    return createConfiguration({
      baseServer: new ServerConfiguration(this.#config.getCurrentCluster()?.server ?? '', {}),
      authMethods: { default: this.#config },
      promiseMiddleware: [
        {
          pre: async (request) => {
            if (signal) request.setSignal(signal);
            return request;
          },
          post: async (response) => response,
        },
      ],
    });
  }
}

export function pathOf({ apiVersion, plural, namespace }: Omit<Selection<KubernetesObject>, 'objects'>): string {
  const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return [group, ...(namespace ? [`namespaces/${namespace}`] : []), plural].join('/');
}

const keyOf = ({ metadata }: KubernetesObject): string => `${metadata?.namespace}/${metadata?.name}`;
