/** What was left out, where and why: counted, and never with its value. Pure. */
import type { LeftOut } from '../bundle/bundle.ts';

const MOST_PLACES = 10;

interface Omitted {
  readonly what: string;
  readonly why: string;
  readonly where: Set<string>;
  count: number;
}

/** What every cluster writes into its objects for itself: nobody misses it. */
const UNSAID = /^(?:metadata\.(?!annotations|labels)|status\b|apiVersion$|kind$)/;

export class Omissions {
  readonly #omitted = new Map<string, Omitted>();

  /** @returns undefined, which is what is kept of it. */
  add({ object, path }: { readonly object: string; readonly path: string }, why: string): undefined {
    if (UNSAID.test(path)) return;
    const [kind = object] = object.split(' ');
    const what = path === '' ? kind : `${kind} ${path}`;
    const key = `${what}\n${why}`;
    const known = this.#omitted.get(key) ?? { what, why, where: new Set<string>(), count: 0 };
    known.count++;
    if (known.where.size < MOST_PLACES) known.where.add(object);
    this.#omitted.set(key, known);
  }

  /** Sorted by what. */
  all(): readonly LeftOut[] {
    return [...this.#omitted.values()]
      .map(({ where, ...rest }) => ({ ...rest, where: [...where] }))
      .toSorted((a, b) => (a.what < b.what ? -1 : 1));
  }
}
