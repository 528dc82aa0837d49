/** kubectl of the cluster's own server, and what the corpus needs of it. */
import type { ClusterNode } from '@faultline/cluster';

export class Kubectl {
  readonly #server: ClusterNode;
  readonly #signal: AbortSignal;

  constructor(server: ClusterNode, signal: AbortSignal) {
    this.#server = server;
    this.#signal = signal;
  }

  async run(...words: readonly string[]): Promise<string> {
    return (await this.#server.exec(['kubectl', ...words], { signal: this.#signal, timeoutMs: 60_000 })).stdout;
  }

  async items<T>(...words: readonly string[]): Promise<readonly T[]> {
    return (JSON.parse(await this.run('get', ...words, '--output=json')) as { readonly items: readonly T[] }).items;
  }

  async read<T>(...words: readonly string[]): Promise<T> {
    return JSON.parse(await this.run('get', ...words, '--output=json')) as T;
  }

  /**
   * As people do it, with fields that the API does not know: those it drops.
   * @returns `applied`, or the API's words of refusal.
   */
  async apply(text: string, ...words: readonly string[]): Promise<string> {
    const argv = ['kubectl', 'apply', '--validate=ignore', ...words, '--filename=-'];
    const options = { signal: this.#signal, input: text, timeoutMs: 60_000, accept: 'any' } as const;
    const { exitCode, stderr } = await this.#server.exec(argv, options);
    return exitCode === 0 ? 'applied' : `refused: ${lastLine(stderr)}`;
  }

  /** The whole object is ours: no limit on its size, which kubectl's own record of what it applied would set. */
  async own(object: object): Promise<void> {
    const said = await this.apply(JSON.stringify(object), '--server-side', '--force-conflicts');
    if (said !== 'applied') throw new Error(said);
  }
}

const lastLine = (text: string): string => text.trim().split('\n').findLast(Boolean)?.trim() ?? '';

/** So many at once, and no more: each is a process in the node. */
export async function inGroups<T, R>(all: readonly T[], size: number, each: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < all.length; at += size) {
    results.push(...(await Promise.all(all.slice(at, at + size).map(each))));
  }
  return results;
}
