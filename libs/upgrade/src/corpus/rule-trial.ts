/** Generated rules of v2 and their rewrites: what is asked of real Traefiks, and what their answers come to. Pure. */
import { compileHttp, drawRule, requestsFor, rewrite, type Generation, type HttpRequest } from '@faultline/traefik';

export interface Trial {
  readonly seed: number;
  readonly v2: string;
  readonly v3: string;
  /** Whether the rewrite says that it accepts the same requests, all of them. */
  readonly exact: boolean;
  readonly requests: readonly TrialRequest[];
}

export interface TrialRequest {
  readonly request: HttpRequest;
  /** What the grammars of both generations say. */
  readonly accepts: Readonly<Record<Generation, boolean>>;
  /** Why it is not asked: the rewrite itself says that it may differ here, or no rule decides. */
  readonly leftOut: 'sent twice' | 'empty path element' | undefined;
}

export function trialOf(seed: number, count: number): Trial {
  const rule = drawRule(seed);
  const { text, exact } = rewrite(rule.text);
  const accepts = { v2: compileHttp(rule.text, 'v2'), v3: compileHttp(text, 'v3') };
  const requests = requestsFor(rule, seed, count).map((request) => ({
    request,
    accepts: { v2: accepts.v2(request), v3: accepts.v3(request) },
    leftOut: leftOutOf(request, exact),
  }));
  return { seed, v2: rule.text, v3: text, exact, requests };
}

function leftOutOf({ query = [], path }: HttpRequest, exact: boolean): TrialRequest['leftOut'] {
  if (!exact && new Set(query.map(([key]) => key)).size < query.length) return 'sent twice';
  // Traefik 3.3.6 cleans paths before it looks at rules, 2.11.18 does not (claim G27): that is no matter of rules.
  return path.includes('//') ? 'empty path element' : undefined;
}

/** What Traefik answers where no rule takes a request; v2 says 405 where the method alone does not fit. */
const REFUSALS: readonly number[] = [404, 405];
const TAKEN = 200;

export interface Compared {
  readonly rules: number;
  readonly rewritten: number;
  readonly requests: number;
  readonly leftOut: Readonly<Record<string, number>>;
  /** Of the requests that were asked. */
  readonly accepted: Readonly<Record<Generation, number>>;
  readonly disagreements: readonly Disagreement[];
}

export interface Disagreement {
  readonly between: 'v2 and v3' | 'v2 and its grammar' | 'v3 and its grammar' | 'no verdict';
  readonly rule: string;
  readonly rewritten: string;
  readonly request: HttpRequest;
  readonly statuses: Readonly<Record<Generation, number>>;
}

/** @param statuses of all requests of all trials, in their order. */
export function compare(trials: readonly Trial[], statuses: Readonly<Record<Generation, readonly number[]>>): Compared {
  const all = trials.flatMap((trial) => trial.requests.map((request) => ({ trial, request })));
  const asked = all.flatMap(({ trial, request }, index) =>
    request.leftOut ? [] : [{ trial, request, seen: { v2: statuses.v2[index] ?? 0, v3: statuses.v3[index] ?? 0 } }],
  );
  const reasons = all.flatMap(({ request }) => request.leftOut ?? []);
  return {
    rules: trials.length,
    rewritten: trials.filter(({ v2, v3 }) => v2 !== v3).length,
    requests: asked.length,
    leftOut: Object.fromEntries([...Map.groupBy(reasons, (why) => why)].map(([why, some]) => [why, some.length])),
    accepted: {
      v2: asked.filter(({ seen }) => seen.v2 === TAKEN).length,
      v3: asked.filter(({ seen }) => seen.v3 === TAKEN).length,
    },
    disagreements: asked.flatMap(({ trial, request, seen }) =>
      between(request, seen).map((which) => ({
        between: which,
        rule: trial.v2,
        rewritten: trial.v3,
        request: request.request,
        statuses: seen,
      })),
    ),
  };
}

function between({ accepts }: TrialRequest, seen: Readonly<Record<Generation, number>>): Disagreement['between'][] {
  const isVerdict = (status: number) => status === TAKEN || REFUSALS.includes(status);
  if (!isVerdict(seen.v2) || !isVerdict(seen.v3)) return ['no verdict'];
  const [v2, v3] = [seen.v2 === TAKEN, seen.v3 === TAKEN];
  return [
    ...(v2 === v3 ? [] : ['v2 and v3' as const]),
    ...(v2 === accepts.v2 ? [] : ['v2 and its grammar' as const]),
    ...(v3 === accepts.v3 ? [] : ['v3 and its grammar' as const]),
  ];
}

/** Each element by itself: the rules see the path decoded. */
export function target({ path, query = [] }: HttpRequest): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const pairs = query.map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`);
  return pairs.length > 0 ? `${encoded}?${pairs.join('&')}` : encoded;
}

/** Names and values in turn; of several values each on a line of its own. */
export function headersOf({ host, headers = {} }: HttpRequest): readonly string[] {
  const lines = Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one) => [name, one]));
  return ['Host', host, ...lines.flat(), 'Connection', 'close'];
}
