/** The corpus: manifests of which it is known what each Traefik does with them, and what lint should say. */

/** A request, and the status that clients get from each Traefik; 0: no answer. */
export interface ExpectedRequest {
  readonly host: string;
  readonly path: string;
  /** `https`: at the entry point websecure, with whatever certificate it has. `http` unless told. */
  readonly scheme?: 'https';
  readonly headers?: Readonly<Record<string, string>>;
  /** Beside the Ingress, from a node: a port of Traefik's pod (`pod:9100`), or of a Service (`kube-system/traefik-ping:9000`). */
  readonly at?: string;
  /** A header of the answer, or a word in its body, and who answers with it. */
  readonly shows?: { readonly header?: string; readonly word?: string; readonly v2: boolean; readonly v3: boolean };
  readonly v2: number;
  readonly v3: number;
  /** Of Traefik 3, where the objects are what a cluster with Traefik 2 kept of them: the row's stored.yaml. */
  readonly stored?: number;
  /** Statuses of single k3s releases, where these differ from others with the same generation of Traefik. */
  readonly on?: Readonly<Record<string, number>>;
}

/**
 * Of a Helm job with the row's values: `upgraded`; `stuck`: the job fails or the new pod does not start, and the Traefik that
 * was there serves; `refused`: the same, and there was none, because the older chart refused the values too.
 */
export type ExpectedOutcome = 'upgraded' | 'stuck' | 'refused';

/** libs/traefik/corpus/<row>/expect.json. */
export interface Expectation {
  /** Of the ledger: G01 to G38, A06 to A20, A115b. */
  readonly row: string;
  readonly about: string;
  readonly requests?: readonly ExpectedRequest[];
  readonly lint: readonly {
    readonly from: string;
    readonly to: string;
    /** Of rows that are values of the chart, or definitions that it has too. */
    readonly outcome?: ExpectedOutcome;
    readonly findings: readonly { readonly rule: string; readonly path: string }[];
  }[];
  /** An argument of Traefik's pod by which the effect of values is told, and the releases that have it. */
  readonly argument?: { readonly has: string; readonly on: readonly string[] };
  readonly note?: string;
}
