/** Turns that nobody measured, for tests and demonstrations of comparisons of backends. */
import type { BackendIdentity, BenchPath, Turn } from './backend-comparison.ts';

export interface SyntheticBackend {
  readonly backend: string;
  /** Its times are so many times those of the first: 1 is no difference. */
  readonly slower: number;
  readonly placement?: Readonly<Record<string, string>>;
}

/** Typical of each path: milliseconds of a request, and gigabits a second, where something is sent. */
const TYPICAL: Readonly<Record<BenchPath, readonly [requestMs: number | null, gigabits: number | null]>> = {
  'pod-same-node': [0.8, 14],
  'pod-across': [1, 6],
  service: [1.1, null],
  ingress: [1.9, null],
  'load-balancer': [2, null],
  node: [null, 8],
};

/** The same numbers each time (Lehmer's generator). */
function chance(seed: number): () => number {
  let state = seed + 1;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** @param samples of each latency turn; 400 allow a p99, ten times as many in all a p99.9. */
export function syntheticTurns(
  backends: readonly SyntheticBackend[],
  { repeats, seed, samples = 400 }: { readonly repeats: number; readonly seed: number; readonly samples?: number },
): readonly Turn[] {
  const random = chance(seed);
  const skewed = (scale: number): number => scale * (0.8 - 0.2 * Math.log(random()));
  const paths = Object.entries(TYPICAL) as readonly (readonly [BenchPath, (typeof TYPICAL)[BenchPath]])[];
  return Array.from({ length: repeats }, (_, index) => index + 1).flatMap((repeat) =>
    paths.flatMap(([path, [requestMs, gigabitsPerSecond]]) =>
      backends.flatMap(({ backend, slower }): readonly Turn[] => {
        const [place, mood] = [{ backend, path, repeat }, 0.95 + 0.1 * random()];
        const latency = (measured: 'connect' | 'request', ms: number): Turn => {
          const scale = ms * 1000 * mood * slower;
          const latencies = Array.from({ length: samples }, () => Math.round(skewed(scale)));
          return { ...place, measured, latencies, sent: samples, lost: 0, late: 0, latenessP99: 40 };
        };
        return [
          ...(requestMs === null ? [] : [latency('connect', requestMs / 4), latency('request', requestMs)]),
          ...(gigabitsPerSecond === null ? [] : [throughput(place, gigabitsPerSecond / slower / mood, slower * mood)]),
        ];
      }),
    ),
  );
}

function throughput(
  place: Pick<Turn, 'backend' | 'path' | 'repeat'>,
  gigabitsPerSecond: number,
  cpusPerGigabit: number,
): Turn {
  const seconds = 3;
  const bytes = (gigabitsPerSecond / 8) * 1e9 * seconds;
  return {
    ...place,
    measured: 'throughput',
    bytes,
    seconds,
    retransmits: 2,
    cpuSeconds: (cpusPerGigabit * bytes) / 1e9 + 0.2 * (seconds + 0.1),
    wallSeconds: seconds + 0.1,
    idleCpus: 0.2,
  };
}

export function syntheticIdentity(backends: readonly SyntheticBackend[]): BackendIdentity {
  return {
    comparison: 'made-up',
    substrate: 'k3s',
    substrateReason: 'synthetic: nobody measured this',
    loadBalancer: 'metallb-l2',
    backends: backends.map(({ backend, placement = { ingress: 'agent-0', announcer: 'agent-0' } }) => ({
      backend,
      placement,
      podMtu: backend === 'vxlan' ? 1450 : 1500,
    })),
    skipped: [{ what: 'wireguard-native', reason: 'the kernel has no WireGuard' }],
    repeats: 10,
    seed: 7,
    rateHz: 100,
    latencySeconds: 4,
    throughputSeconds: 3,
    limits: ['All clusters are up while one is measured.'],
    command: 'npx faultline compare-backends --repeat 10 --seed 7',
    commit: '0123456789ab',
    dirty: false,
    versions: { k3s: 'v1.33.3+k3s1', kernel: '6.18' },
  };
}
