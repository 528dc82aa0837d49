/** The corpus: manifests of which it is known what each Traefik does with them, and what lint should say. */

/** A request, and the status that clients get from each Traefik. */
export interface ExpectedRequest {
  readonly host: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly v2: number;
  readonly v3: number;
}

/** libs/traefik/corpus/<row>/expect.json. */
export interface Expectation {
  /** Of the ledger: G01 to G38, A06 to A20, A115b. */
  readonly row: string;
  readonly about: string;
  readonly requests?: readonly ExpectedRequest[];
  /** Of the first upgrade under `lint`; `stuck`: a Helm job or the new pod fails, and the old Traefik serves. */
  readonly outcome?: 'upgraded' | 'stuck' | 'broken';
  readonly lint: readonly {
    readonly from: string;
    readonly to: string;
    readonly findings: readonly { readonly rule: string; readonly path: string }[];
  }[];
  readonly note?: string;
}
