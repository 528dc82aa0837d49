/** Turns become figures, and figures ratios with their intervals. */
import {
  ASKS,
  BACKEND_COMPARISON_VERSION,
  BENCH_PATHS,
  QUANTITIES,
  type BackendComparison,
  type BackendIdentity,
  type BackendRatio,
  type BenchedBackend,
  type BenchFigure,
  type BenchGap,
  type BenchLoss,
  type BenchPath,
  type LatencyTurn,
  type PooledQuantile,
  type Quantity,
  type ThroughputTurn,
  type Turn,
} from './backend-comparison.ts';
import { latencyQuantile, pooledQuantiles } from './latency.ts';
import { hodgesLehmann, type Covered } from './statistics.ts';
import { distribution } from './summarise.ts';
import { cpuPerGigabyte, gigabits } from './throughput.ts';

/** In what each quantity is measured, and its value in one repeat; null where the repeat has none. */
const VALUE: Readonly<Record<Quantity, readonly [Turn['measured'], (turn: Turn) => number | null]>> = {
  'connect p50': ['connect', latencyIn(0.5)],
  'connect p90': ['connect', latencyIn(0.9)],
  'connect p99': ['connect', latencyIn(0.99)],
  'request p50': ['request', latencyIn(0.5)],
  'request p90': ['request', latencyIn(0.9)],
  'request p99': ['request', latencyIn(0.99)],
  throughput: ['throughput', (turn) => (turn.measured === 'throughput' ? gigabits(turn) : null)],
  CPU: ['throughput', (turn) => (turn.measured === 'throughput' ? cpuPerGigabyte(turn) : null)],
};

function latencyIn(q: number): (turn: Turn) => number | null {
  return (turn) => (turn.measured === 'throughput' ? null : latencyQuantile(turn, q));
}

/** The roles whose place decides what a path is. */
const ROLES: Readonly<Partial<Record<BenchPath, readonly string[]>>> = {
  ingress: ['ingress'],
  'load-balancer': ['ingress', 'announcer'],
};

const PATHS = Object.keys(BENCH_PATHS) as readonly BenchPath[];
const ALL = Object.keys(QUANTITIES) as readonly Quantity[];

/** What all turns say together. The same turns give the same comparison, today and in a year. */
export function compareBackends(turns: readonly Turn[], identity: BackendIdentity): BackendComparison {
  const names = identity.backends.map(({ backend }) => backend);
  const places = PATHS.flatMap((path) => names.map((backend) => ({ path, backend })));
  const of = ({ path, backend }: { path: BenchPath; backend: string }): readonly Turn[] =>
    turns.filter((turn) => turn.path === path && turn.backend === backend).toSorted((a, b) => a.repeat - b.repeat);
  const figures = places.flatMap((place) => figuresOf(of(place), place));
  const tests = turns.filter((turn): turn is ThroughputTurn => turn.measured === 'throughput');
  return {
    version: BACKEND_COMPARISON_VERSION,
    ...identity,
    figures,
    gaps: places.flatMap((place) => gapsOf(of(place), place)),
    pooled: places.flatMap((place) => pooledOf(of(place), place)),
    losses: places.flatMap((place) => lossesOf(of(place), place)),
    ratios: ratiosOf(figures, identity.backends),
    idleCpus: distribution(tests.map(({ idleCpus }) => idleCpus)),
    retransmits: tests.reduce((sum, { retransmits }) => sum + retransmits, 0),
  };
}

type Place = Pick<BenchFigure, 'path' | 'backend'>;

/** The value of each repeat that measured it. */
function valuesIn(turns: readonly Turn[], quantity: Quantity): readonly (number | null)[] {
  const [measured, valueOf] = VALUE[quantity];
  return turns.filter((turn) => turn.measured === measured).map(valueOf);
}

function figuresOf(turns: readonly Turn[], place: Place): readonly BenchFigure[] {
  return ALL.flatMap((quantity) => {
    const known = valuesIn(turns, quantity);
    const values = known.includes(null) ? null : distribution(known.flatMap((value) => value ?? []));
    return values ? [{ ...place, quantity, values }] : [];
  });
}

function gapsOf(turns: readonly Turn[], place: Place): readonly BenchGap[] {
  return ALL.flatMap((quantity) => {
    const known = valuesIn(turns, quantity);
    const missing = known.filter((value) => value === null).length;
    return missing > 0 ? [{ ...place, quantity, missing, of: known.length }] : [];
  });
}

function asked(turns: readonly Turn[], ask: LatencyTurn['measured']): readonly LatencyTurn[] {
  return turns.filter((turn): turn is LatencyTurn => turn.measured === ask);
}

function pooledOf(turns: readonly Turn[], place: Place): readonly PooledQuantile[] {
  return ASKS.flatMap((ask) => {
    const these = asked(turns, ask);
    return these.length === 0 ? [] : pooledQuantiles(these).map((found) => ({ ...place, ask, ...found }));
  });
}

function lossesOf(turns: readonly Turn[], place: Place): readonly BenchLoss[] {
  return ASKS.flatMap((ask) => {
    const these = asked(turns, ask);
    if (these.length === 0) return [];
    const total = (of: 'sent' | 'lost' | 'late'): number => these.reduce((sum, turn) => sum + turn[of], 0);
    const known = these.flatMap(({ latenessP99 }) => latenessP99 ?? []);
    const latenessP99 = known.length === 0 ? null : Math.max(...known);
    return [{ ...place, ask, sent: total('sent'), lost: total('lost'), late: total('late'), latenessP99 }];
  });
}

/** Every backend against the first one, on every path, in every quantity that both have. */
function ratiosOf(figures: readonly BenchFigure[], backends: readonly BenchedBackend[]): readonly BackendRatio[] {
  const [first, ...others] = backends;
  if (!first) return [];
  const find = (path: BenchPath, quantity: Quantity, backend: string): BenchFigure | undefined =>
    figures.find((figure) => figure.path === path && figure.quantity === quantity && figure.backend === backend);
  return others.flatMap((other) =>
    PATHS.flatMap((path) =>
      ALL.flatMap((quantity): readonly BackendRatio[] => {
        const [a, b] = [find(path, quantity, first.backend), find(path, quantity, other.backend)];
        if (!a || !b) return [];
        const place = { path, quantity, backend: other.backend, against: first.backend };
        return [{ ...place, ...judged(a.values.values, b.values.values, otherwisePlaced(path, first, other)) }];
      }),
    ),
  );
}

type Judged = Pick<BackendRatio, 'ratio' | 'differs' | 'reason'>;

function judged(a: readonly number[], b: readonly number[], otherwise: string): Judged {
  if (otherwise !== '') return { ratio: null, differs: false, reason: otherwise };
  const ratio = ratioOf(a, b);
  if (!ratio) {
    const reason = `${a.length} and ${b.length} repeats are too few for 95 %: 4 and 4 are enough`;
    return { ratio: null, differs: false, reason };
  }
  const differs = ratio.low > 1 || ratio.high < 1;
  return { ratio, differs, reason: differs ? '' : 'the interval holds equality' };
}

/**
 * By what factor the values of `b` are those of `a`: Hodges' and Lehmann's shift of the logarithms. Null where the samples
 * are too small, or a value is not positive.
 */
export function ratioOf(a: readonly number[], b: readonly number[]): (Covered & { readonly value: number }) | null {
  if (![...a, ...b].every((value) => value > 0)) return null;
  const found = hodgesLehmann(a.map(Math.log), b.map(Math.log));
  if (!found) return null;
  const { shift, low, high, coverage } = found;
  return { value: Math.exp(shift), low: Math.exp(low), high: Math.exp(high), coverage };
}

/** Why two backends were not measured on the same path; empty where they were. */
function otherwisePlaced(path: BenchPath, a: BenchedBackend, b: BenchedBackend): string {
  return (ROLES[path] ?? [])
    .filter((role) => a.placement[role] !== b.placement[role])
    .map((role) => {
      const [one, other] = [a, b].map(({ backend, placement }) => `${placement[role] ?? 'nowhere'} with ${backend}`);
      return `the ${role} is on ${one}, on ${other}: not the same path`;
    })
    .join('; ');
}
