/** Waiting for Kubernetes, by watches: what changes is heard of when it changes, and nobody asks again and again. */
import { Watch, type KubeConfig } from '@kubernetes/client-node';
import { notYet, waitFor, type Answer } from '@faultline/control';

/** What is watched, and what of it matters. */
export interface Watched<O, S extends { readonly name: string }> {
  /** e.g. `/api/v1/nodes`. */
  readonly path: string;
  readonly read: (object: O) => S;
}

/** @param all the latest state of everything that is there; @param changed the one that was just heard of. */
export type Judge<S, T> = (all: ReadonlyMap<string, S>, changed: S) => Answer<T>;

export interface WatchOptions {
  readonly config: KubeConfig;
  readonly signal?: AbortSignal | undefined;
  readonly withinMs: number;
}

/**
 * Watches until the judge is done. A watch begins with everything that is there; one that breaks is begun again.
 * @throws DeadlineError with what the judge last saw.
 */
export function watchUntil<O, S extends { readonly name: string }, T>(
  what: string,
  watched: Watched<O, S>,
  judge: Judge<S, T>,
  { config, ...options }: WatchOptions,
): Promise<T> {
  let saw = 'nothing';
  const remember: typeof judge = (all, changed) => {
    const answer = judge(all, changed);
    if (!answer.done) ({ saw } = answer);
    return answer;
  };
  return waitFor(
    what,
    async (signal) => {
      const answer = await oneWatch(config, watched, remember, signal);
      return answer.done ? answer : notYet(`${saw} (${answer.saw})`);
    },
    options,
  );
}

/** One connection: until the judge is done, it breaks, or the signal. */
async function oneWatch<O, S extends { readonly name: string }, T>(
  config: KubeConfig,
  { path, read }: Watched<O, S>,
  judge: Judge<S, T>,
  signal: AbortSignal,
): Promise<Answer<T>> {
  const all = new Map<string, S>();
  const { promise, resolve, reject } = Promise.withResolvers<Answer<T>>();
  const stop = () => resolve(notYet('stopped'));
  signal.addEventListener('abort', stop, { once: true });
  const heard = (verb: string, object: O) => {
    const state = read(object);
    if (verb === 'DELETED') all.delete(state.name);
    else all.set(state.name, state);
    const answer = judge(all, state);
    if (answer.done) resolve(answer);
  };
  const broken = (error: unknown) => {
    if (error) reject(error instanceof Error ? error : new Error(JSON.stringify(error)));
    else resolve(notYet('the watch was closed'));
  };
  const connection = new Watch(config).watch(path, {}, heard, broken);
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', stop);
    // The connection may still be on its way: it is closed when it comes.
    void connection.then((controller) => controller.abort());
  }
}
