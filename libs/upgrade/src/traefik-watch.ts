/** Follows Traefik and its Helm jobs through an upgrade, into the history; an API that is away is asked again. */
import { readFile } from 'node:fs/promises';
import {
  BatchV1Api,
  CoreV1Api,
  createConfiguration,
  KubeConfig,
  ServerConfiguration,
  type Configuration,
  type V1Pod,
} from '@kubernetes/client-node';
import { done, elapse, notYet, waitFor } from '@faultline/control';
import type { History, UpgradeStep } from '@faultline/history';
import { helmStates, readyTraefiks, type Attempts, type HelmState } from './helm.ts';

const NAMESPACE = 'kube-system';
const EVERY_MS = 1_000;
const ANSWERS_WITHIN_MS = 4_000;

/** A job that failed so often fails for a reason, and not because something was still starting. */
const FAILED_FOR_GOOD = 4;

export class TraefikWatch implements AsyncDisposable {
  readonly #config = new KubeConfig();
  readonly #history: Pick<History, 'append'>;
  readonly #attempts: Attempts = new Map();
  readonly #written = new Map<string, string>();
  readonly #ending = new AbortController();
  readonly #following: Promise<void>;
  #helm: readonly HelmState[] = [];
  #ready: Readonly<Record<string, number>> = {};
  /** Why each attempt of a pod failed, by pod and attempt: the log of one that ended does not change. */
  readonly #reasons = new Map<string, string>();

  private constructor(kubeconfig: string, history: Pick<History, 'append'>) {
    this.#config.loadFromString(kubeconfig);
    this.#history = history;
    this.#following = this.#follow(this.#ending.signal);
  }

  /** @param kubeconfig path of the file */
  static async start(kubeconfig: string, history: Pick<History, 'append'>): Promise<TraefikWatch> {
    return new TraefikWatch(await readFile(kubeconfig, 'utf8'), history);
  }

  /** How often the Helm jobs were tried so far. */
  get attempts(): number {
    return [...this.#attempts.values()].reduce((sum, { attempts }) => sum + attempts, 0);
  }

  /** Values that say nothing new start no job: who waits for one does not wait for ever. */
  async untilTriedAgain(before: number, { signal }: { signal: AbortSignal }): Promise<void> {
    const tried = async () => (this.attempts > before ? done(undefined) : notYet(`${before} attempts, as before`));
    await waitFor('a Helm job takes the values up', tried, { signal, withinMs: 20_000, everyMs: EVERY_MS }).catch(() =>
      signal.throwIfAborted(),
    );
  }

  /** Writes who Traefik's Service is now. */
  async writeService(step: UpgradeStep, signal: AbortSignal): Promise<void> {
    const service = await waitFor(
      "Traefik's Service can be read",
      async (until) => {
        const core = new CoreV1Api(this.#configuration(until));
        return done(await core.readNamespacedService({ name: 'traefik', namespace: NAMESPACE }));
      },
      { signal, withinMs: 60_000, everyMs: EVERY_MS },
    );
    const { metadata, spec, status } = service;
    this.#history.append({
      type: 'upgrade.service',
      step,
      uid: metadata?.uid ?? '',
      clusterIP: spec?.clusterIP ?? '',
      nodePorts: Object.fromEntries((spec?.ports ?? []).map(({ name, nodePort }) => [name ?? '', nodePort ?? 0])),
      addresses: (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []).toSorted(),
    });
  }

  /**
   * Waits until only this Traefik serves and its jobs are done, or until it is clear that this does not come: a job fails again
   * and again. Never throws for that: what came of it stands in the history.
   * @returns what was last seen, where it did not come.
   */
  async untilServes(version: string, options: { signal: AbortSignal; withinMs: number }): Promise<string | undefined> {
    let saw = '';
    const came = await waitFor(
      `Traefik ${version} serves`,
      async () => {
        const missing = this.#helm.filter(({ state }) => state !== 'complete');
        const versions = Object.keys(this.#ready);
        if (missing.length === 0 && versions.length === 1 && versions[0] === version) return done(true);
        saw = [
          `ready: ${versions.join(', ') || 'none'}`,
          ...missing.map(({ job, state, attempts, detail }) => `${job} ${state}, ${attempts} attempts ${detail}`),
        ].join('; ');
        return missing.some(({ state, attempts }) => state === 'failing' && attempts >= FAILED_FOR_GOOD)
          ? done(false)
          : notYet(saw);
      },
      { ...options, everyMs: EVERY_MS / 2 },
    ).catch((error: unknown) => {
      options.signal.throwIfAborted();
      saw = error instanceof Error ? error.message : String(error);
      return false;
    });
    return came ? undefined : saw;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#following;
  }

  async #follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // Refused or cut off, while the server is away: what is true then is seen when it is back.
      await this.#look(signal).catch(() => {});
      await elapse(EVERY_MS, signal).catch(() => {});
    }
  }

  async #look(signal: AbortSignal): Promise<void> {
    const configuration = this.#configuration(signal);
    const [jobs, pods] = await Promise.all([
      new BatchV1Api(configuration).listNamespacedJob({ namespace: NAMESPACE }),
      new CoreV1Api(configuration).listNamespacedPod({ namespace: NAMESPACE }),
    ]);
    this.#helm = await this.#explained(helmStates(jobs.items, pods.items, this.#attempts), pods.items, configuration);
    this.#ready = readyTraefiks(pods.items);
    for (const state of this.#helm) this.#write(state.job, { type: 'upgrade.helm', ...state });
    this.#write('traefik', { type: 'upgrade.traefik', ready: this.#ready });
  }

  async #explained(
    states: readonly HelmState[],
    pods: readonly V1Pod[],
    configuration: Configuration,
  ): Promise<readonly HelmState[]> {
    return Promise.all(
      states.map(async (state) => {
        const isFailure = state.state === 'failing' && !state.detail.includes('Image');
        const pod = pods.find(({ metadata }) => metadata?.labels?.['batch.kubernetes.io/job-name'] === state.job);
        if (!isFailure || !pod) return state;
        return { ...state, detail: await this.#reasonOf(pod, state.attempts, configuration) };
      }),
    );
  }

  async #reasonOf({ metadata }: V1Pod, attempts: number, configuration: Configuration): Promise<string> {
    const key = `${metadata?.uid} ${attempts}`;
    const known = this.#reasons.get(key);
    if (known !== undefined) return known;
    const where = { name: metadata?.name ?? '', namespace: NAMESPACE, tailLines: 40 };
    const log = await new CoreV1Api(configuration).readNamespacedPodLog(where).catch(() => '');
    const reason = reasonIn(log);
    this.#reasons.set(key, reason);
    return reason;
  }

  #write(key: string, event: Parameters<History['append']>[0]): void {
    const text = JSON.stringify(event);
    if (this.#written.get(key) === text) return;
    this.#written.set(key, text);
    this.#history.append(event);
  }

  #configuration(signal: AbortSignal): Configuration {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(ANSWERS_WITHIN_MS)]);
    return createConfiguration({
      baseServer: new ServerConfiguration(this.#config.getCurrentCluster()?.server ?? '', {}),
      authMethods: { default: this.#config },
      promiseMiddleware: [
        {
          pre: async (request) => {
            request.setSignal(limited);
            return request;
          },
          post: async (response) => response,
        },
      ],
    });
  }
}

const LONGEST_REASON = 300;

/** The line of a Helm job's log that says why, else its last one. */
export function reasonIn(log: string): string {
  const lines = log
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const reason = lines.findLast((line) => /\berror\b|failed|404/i.test(line)) ?? lines.at(-1) ?? 'it left no log';
  return reason.slice(0, LONGEST_REASON);
}
