/** Backends side by side, in words: what the page and the summary of such a comparison both say. */
import {
  BENCH_PATHS,
  percent,
  QUANTITIES,
  type Ask,
  type BackendComparison,
  type BackendRatio,
  type BenchFigure,
  type BenchPath,
  type Distribution,
  type PooledQuantile,
  type Quantity,
} from '@faultline/checker';
import { NONE } from './table.ts';

export const PATH_ORDER: readonly BenchPath[] = Object.keys(BENCH_PATHS) as BenchPath[];

/** What a reader wants to know first. */
const BY_INTEREST: readonly Quantity[] = [
  'request p50',
  'throughput',
  'CPU',
  'request p99',
  'connect p50',
  'connect p99',
  'request p90',
  'connect p90',
];

/** Three digits that mean something. */
export function figure(value: number): string {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
  return value.toFixed(Math.min(3, digits));
}

export const pathName = (path: string): string => (BENCH_PATHS as Readonly<Record<string, string>>)[path] ?? path;

export function valuesOf(
  { figures }: BackendComparison,
  place: { readonly path: BenchPath; readonly backend: string; readonly quantity: Quantity },
): Distribution | undefined {
  const isIt = (one: BenchFigure): boolean =>
    one.path === place.path && one.backend === place.backend && one.quantity === place.quantity;
  return figures.find(isIt)?.values;
}

/** `0.79 to 0.83`; where the repeats are too few for an interval, from the least to the most, and said to be. */
export function spread({ interval, least, most, values }: Distribution): string {
  if (interval) return `${figure(interval.low)} to ${figure(interval.high)}`;
  return values.length < 2 ? 'one value' : `all ${figure(least)} to ${figure(most)}`;
}

/** `host-gw is 20 % faster than vxlan, pod to pod across nodes: request p50 0.80 ms against 1.00 ms (95 % interval 18 to 22 %)`. */
export function claim(ratio: BackendRatio, comparison: BackendComparison): string {
  const { path, quantity, backend, against } = ratio;
  const { unit } = QUANTITIES[quantity];
  const [mine, theirs] = [backend, against].map(
    (one) => valuesOf(comparison, { path, quantity, backend: one })?.median,
  );
  const figures = `${figure(mine ?? NaN)} against ${figure(theirs ?? NaN)} ${unit}`;
  return `${backend} ${verb(ratio)} than ${against}, ${pathName(path)}: ${called(quantity)} ${figures} (${certainty(ratio)})`;
}

function verb({ quantity, ratio }: BackendRatio): string {
  const factor = ratio?.value ?? 1;
  const share = percent(Math.abs(factor - 1));
  if (quantity === 'throughput') return `carries ${share} ${factor > 1 ? 'more' : 'less'}`;
  if (quantity === 'CPU') return `spends ${share} ${factor > 1 ? 'more' : 'less'} processor time`;
  return `is ${share} ${factor < 1 ? 'faster' : 'slower'}`;
}

export function called(quantity: Quantity): string {
  return quantity === 'CPU' ? 'processor time for a gigabyte' : quantity;
}

function certainty({ ratio }: BackendRatio): string {
  if (!ratio) return NONE;
  const [least, most] = [ratio.low, ratio.high].map((factor) => Math.abs(factor - 1)).toSorted((a, b) => a - b) as [
    number,
    number,
  ];
  return `95 % interval ${percent(least).replace(' %', '')} to ${percent(most)}`;
}

/** What is shown to differ, what matters most first. Each by itself: of twenty that say so for equals, one is wrong. */
export function claims(comparison: BackendComparison): readonly string[] {
  return comparison.ratios
    .filter(({ differs }) => differs)
    .toSorted(
      (a, b) =>
        BY_INTEREST.indexOf(a.quantity) - BY_INTEREST.indexOf(b.quantity) ||
        PATH_ORDER.indexOf(a.path) - PATH_ORDER.indexOf(b.path),
    )
    .map((ratio) => claim(ratio, comparison));
}

/** One sentence for the whole: the difference between nodes, which is where backends do, else any, else none. */
export function backendsHeadline(comparison: BackendComparison): string {
  const { ratios, backends, figures } = comparison;
  if (figures.length === 0) return 'Nothing was measured: it ended before the first repeat.';
  const shown = ratios.filter(({ differs }) => differs);
  const across = BY_INTEREST.flatMap((quantity) =>
    shown.filter((one) => one.path === 'pod-across' && one.quantity === quantity),
  );
  const [first] = [...across, ...shown];
  if (first) return `${claim(first, comparison)}.`;
  const names = backends.map(({ backend }) => backend).join(' and ');
  const [unknown] = ratios.filter(({ ratio }) => ratio === null);
  const why = ratios.every(({ ratio }) => ratio === null) && unknown ? `: ${unknown.reason}` : '';
  return `No difference is shown between ${names}${why}.`;
}

/** `0.80 (0.78 to 0.82)`: a ratio that differs is marked by whoever draws it. */
export function ratioText({ ratio }: BackendRatio): string {
  return ratio ? `${ratio.value.toFixed(2)} (${ratio.low.toFixed(2)} to ${ratio.high.toFixed(2)})` : NONE;
}

export function pooledText(
  { pooled }: BackendComparison,
  place: { readonly path: BenchPath; readonly backend: string; readonly ask: Ask; readonly quantile: number },
): { readonly value: string; readonly interval: string } | undefined {
  const isIt = (one: PooledQuantile): boolean =>
    one.path === place.path &&
    one.backend === place.backend &&
    one.ask === place.ask &&
    one.quantile === place.quantile;
  const found = pooled.find(isIt);
  if (!found) return undefined;
  if (found.value === null) return { value: NONE, interval: whyNone(found) };
  const { interval: between } = found;
  const said = between ? `${figure(between.low)} to ${figure(between.high)}` : 'too few samples for its interval';
  return { value: figure(found.value), interval: said };
}

/** As the checker has it: of fewer, even the largest may be below the quantile. */
function whyNone({ samples, quantile }: PooledQuantile): string {
  const isLarge = samples >= Math.log(0.05) / Math.log(quantile);
  return isLarge ? 'too many had no answer' : `${samples} samples are too few`;
}

/** Which ratios say nothing, and why; each reason once. */
export function silences({ ratios }: BackendComparison): readonly string[] {
  const groups = Map.groupBy(
    ratios.filter(({ ratio }) => ratio === null),
    ({ reason }) => reason,
  );
  return [...groups].map(([reason, of]) => {
    const paths = [...new Set(of.map(({ path }) => pathName(path)))];
    return `${paths.length === PATH_ORDER.length ? 'every path' : paths.join('; ')}: ${reason}`;
  });
}

export const BACKENDS_NOTE: string =
  'Medians over the repeats, each with the distribution-free interval of the median. Latency, in milliseconds, counts from the ' +
  'time at which a sample was to be sent: a slow answer delays no later one. p99.9 is of all samples of all repeats together; its ' +
  'interval takes them as independent of each other, and samples of one moment are not quite. Ratio: the second value divided by ' +
  'the first, with the 95 % interval of Hodges and Lehmann (of logarithms); bold where it leaves out 1. Each holds by itself: of ' +
  'twenty ratios of equals one would be bold by chance.';

export const THROUGHPUT_NOTE: string =
  'One TCP connection by iperf3, gigabits a second that arrived. Processor time: of the whole host while it was sent, the kernel’s ' +
  'work in interrupts included, less what the host spent right before with nothing sent; seconds for a gigabyte.';
