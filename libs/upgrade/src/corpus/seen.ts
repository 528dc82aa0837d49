/** What a run of the corpus saw of one k3s release: kept as JSON, and judged from there. */

export interface ReleaseSeen {
  /** `v1.33.3+k3s1`. */
  readonly k3s: string;
  readonly traefik: string;
  readonly at: string;
  readonly rows: Readonly<Record<string, RowSeen>>;
  readonly scenarios: Readonly<Record<string, ScenarioSeen>>;
}

export interface RowSeen {
  /** `applied`, or the API's words of refusal. */
  readonly applied: string;
  /** Of rows with values of the chart: what came of the Helm job. */
  readonly chart?: ChartSeen;
  /** What came of the releases before, in whose place this one came. */
  readonly older?: readonly Pick<ChartSeen, 'outcome' | 'serves' | 'says'>[];
  /** For each request of expect.json: `200`, `200 with Feature-Policy`, `no answer`. */
  readonly saw: readonly string[];
  /** What Traefik's API says of its routers. */
  readonly routers?: readonly RouterSeen[];
  /** The same of what a cluster with Traefik 2 kept of the row, where it did not keep all and this is Traefik 3. */
  readonly stored?: { readonly applied: string; readonly saw: readonly string[] };
  /** The same after the fix, where this release is what the row is upgraded to. */
  readonly fixed?: FixedSeen;
}

export interface FixedSeen {
  /** `--fix`, or a person: what the corpus' fixed.yaml says. */
  readonly by: '--fix' | 'fixed.yaml';
  readonly applied: string;
  readonly chart?: ChartSeen;
  readonly saw: readonly string[];
}

/**
 * `upgraded`: this release's Traefik serves. `stuck`: the job fails or the new pod does not start, and an older Traefik
 * serves. `refused`: the same, and there is none that serves.
 */
export interface ChartSeen {
  readonly outcome: 'upgraded' | 'stuck' | 'refused';
  readonly job: 'complete' | 'failing';
  /** Version of the Traefik that serves. */
  readonly serves: string | null;
  /** What the job, or the pod that does not start, said. */
  readonly says: string;
  readonly arguments: readonly string[];
  /** Of a Traefik 2 that serves on: what it answers to an IngressRoute which it, and every other, should know. */
  readonly routes?: string;
  /** The same after its pod was started again, as it is when its node is. */
  readonly routesAfterRestart?: string;
}

export interface RouterSeen {
  readonly name: string;
  readonly rule: string;
  readonly status: string;
  readonly errors: readonly string[];
}

/** One scenario of the Ingress specification: what was asked, what the specification says, and what was seen. */
export interface ScenarioSeen {
  readonly asked: readonly { readonly what: string; readonly specified: string; readonly saw: string }[];
}
