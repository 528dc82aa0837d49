/**
 * What is asked of a Traefik that is live, and what is expected: data, but for the one function that puts answers in words.
 *
 * A case is a row of the report: objects that are applied once, and the assertions on them, which are asked again of each
 * Traefik: the old one, the new one beside it, and the one after the upgrade.
 */

export interface Case {
  /** The row's name, unique in a list: `seven/rewrite`, `G03-host-of-several-values`, `Ingress shop/web`. */
  readonly name: string;
  /** One sentence. */
  readonly about: string;
  /** The objects, as YAML of one or several documents; those without a namespace are applied to `default`. Lint reads the same text. */
  readonly manifest: string;
  readonly assertions: readonly Assertion[];
}

export interface Assertion {
  /** One sentence: "without credentials nobody gets in". Unique in its case. */
  readonly what: string;
  /** Asked in this order. Cookies that an answer sets are sent with the following requests. */
  readonly requests: readonly Request[];
  /**
   * What was seen, in the fewest words that tell two answers apart: `404`, `200 as /users`. Asked of three Traefiks, it is
   * compared as text: nothing in it may depend on which pod or which address answered.
   */
  readonly saw: (replies: readonly Reply[]) => string;
  /** What `saw` should say of the old release and of the new one; null: whatever the old one says is right for both. */
  readonly expected: { readonly from: string; readonly to: string } | null;
}

export interface Request {
  readonly host: string;
  /** With its query, as it is sent: `/users?id=1`. */
  readonly path: string;
  /** `http` unless told: the entry point web, or websecure with whatever certificate it has. */
  readonly scheme?: 'http' | 'https';
  /** GET unless told. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Reply {
  /** 0: there was no answer, and `error` says why. */
  readonly status: number;
  /** Names in lower case; of several with one name the last. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly error: string;
}

/** Where a Traefik is reached from the client on the LAN. */
export interface Door {
  readonly address: string;
  readonly http: number;
  readonly https: number;
}

/** What came of one assertion on one Traefik. */
export interface Asked {
  readonly case: string;
  readonly what: string;
  /** In `saw`'s words. */
  readonly saw: string;
  /** As expected of this Traefik; null: nothing was expected but that it stays as it was. */
  readonly asExpected: boolean | null;
}

/** The status alone, or why there was none: what most assertions see. */
export const status = ([reply]: readonly Reply[]): string =>
  reply === undefined || reply.status === 0
    ? `no answer: ${reply?.error ?? 'nothing was asked'}`
    : String(reply.status);
