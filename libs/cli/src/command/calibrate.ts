/** `faultline calibrate`: the instrument's own error, against outages of known length. */
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { nearestRank, outages, type Outage } from '@faultline/checker';
import { boot } from '@faultline/cluster';
import { planCluster } from '@faultline/cluster/plan';
import { engine, labelsOf, thisProcess } from '@faultline/control';
import {
  createHistory,
  MILLISECOND,
  readHistory,
  systemClock,
  type Nanoseconds,
  type Stamped,
} from '@faultline/history';
import { calibrate, CALIBRATED, type KnownOutage } from '@faultline/probe';
import { planSilences } from '@faultline/probe/plan';
import { liveView } from '@faultline/report';
import { seeded } from '@faultline/scenario/plan';
import { EXIT } from '../exit.ts';
import { wholeNumber } from '../allowed.ts';
import { seedOf, text, type Given } from '../options.ts';
import { ensureOwnImages } from '../own-images.ts';
import { timeName } from '../folder.ts';
import { RUNS } from '../workspace.ts';

const EXPIRES_MS = 3_600_000;
/** What the instrument promises: the bound holds the truth this often. */
const COVERAGE = 0.95;
/** And, where nothing else keeps the CPUs busy, the estimate is this near to it, in 95 of 100. */
const ERROR_MS = 10;

/** How one probe did. Milliseconds. */
export interface Calibration {
  readonly probe: string;
  readonly outages: number;
  /** Outages that the probe saw as exactly one. */
  readonly seen: number;
  /** Of the absolute error of the estimated duration. */
  readonly error: { readonly p50: number; readonly p95: number; readonly max: number };
  /** Share of the outages whose bound holds the truth. */
  readonly held: number;
  /** Median width of the bound. */
  readonly width: number;
}

export async function execute(_: readonly string[], options: Given, signal: AbortSignal): Promise<number> {
  const count = wholeNumber('--outages', text(options['outages']) ?? '', { min: 1, max: 200 });
  const hogs = wholeNumber('--hogs', text(options['hogs']) ?? '', { min: 0, max: 16 });
  const seed = seedOf(options);
  const docker = await engine();
  const { tools, userlist } = await ensureOwnImages(docker, signal);
  const run = randomBytes(4).toString('hex');
  const folder = join(RUNS, 'calibrate', timeName(systemClock.wall()));
  await mkdir(folder, { recursive: true });
  using history = createHistory(join(folder, 'history.ndjson'));
  using _live = liveView(history, { stream: process.stderr, quiet: Boolean(options['json']) });
  console.error(`faultline: calibrating with ${count} outages, ${hogs} busy processes, seed ${seed}`);

  const spec = { substrate: 'bare', servers: 1, agents: 1, backend: 'vxlan', loadBalancer: 'keepalived' };
  const labels = labelsOf(run, thisProcess(), { expires: Date.parse(systemClock.wall()) + EXPIRES_MS });
  const plan = planCluster(spec, { tools, app: userlist, subnet: null });
  await using cluster = await boot(plan, { engine: docker, history, signal, run, folder, labels });
  // Busy processes belong to neither end: they would share the stub's part of the CPUs, or the client's precedence.
  const [stub, third] = cluster.nodes;
  if (!stub || !third) throw new Error('the plan has two nodes, the cluster has not');
  const truths = await calibrate({
    client: { commander: cluster.client, address: cluster.client.address },
    stub: { commander: stub, address: stub.address },
    silences: planSilences(count, seeded(seed)),
    ...(hogs > 0 && { hogs: { commander: third, count: hogs } }),
    history,
    signal,
  });
  const events = await readHistory(join(folder, 'history.ndjson'));
  const results = CALIBRATED.map((kind) => calibrationOf(`calibrate-${kind}`, events, truths));
  const kept = results.every(({ held, error }) => held >= COVERAGE && (hogs > 0 || error.p95 <= ERROR_MS));
  await writeFile(
    join(folder, 'calibration.json'),
    `${JSON.stringify({ seed, count, hogs, results, truths }, null, 2)}\n`,
  );
  if (options['json']) console.log(JSON.stringify({ folder, seed, hogs, kept, results }, null, 2));
  else print(results, relative(process.cwd(), folder), kept);
  return kept ? EXIT.pass : EXIT.fail;
}

/** @param truths in order of time. */
export function calibrationOf(probe: string, events: readonly Stamped[], truths: readonly KnownOutage[]): Calibration {
  const begun = events.find((event) => event.type === 'probe.begin' && event.probe.name === probe);
  const rateHz = begun?.type === 'probe.begin' ? begun.probe.rateHz : 0;
  const rows = events.flatMap((event) => (event.type === 'samples' && event.probe === probe ? event.rows : []));
  const found = outages(rows, { probe, rateHz, origin: 0 });
  const pairs = truths.flatMap((truth) => {
    const [own, ...more] = found.filter((outage) => overlaps(outage, truth));
    return own && more.length === 0 ? [{ truth, own }] : [];
  });
  const errors = pairs
    .map(({ truth, own }) => Math.abs(own.duration.estimate - lengthOf(truth)))
    .toSorted((a, b) => a - b);
  const widths = pairs.map(({ own }) => (own.duration.high ?? Infinity) - own.duration.low).toSorted((a, b) => a - b);
  return {
    probe,
    outages: truths.length,
    seen: pairs.length,
    error: { p50: nearestRank(errors, 0.5), p95: nearestRank(errors, 0.95), max: errors.at(-1) ?? Infinity },
    held: pairs.filter(({ truth, own }) => holds(own, truth)).length / truths.length,
    width: nearestRank(widths, 0.5),
  };
}

const ms = (time: Nanoseconds): number => time / MILLISECOND;
const lengthOf = ({ begin, end }: KnownOutage): number => ms(end - begin);

/** With half of the shortest silence as margin: no neighbour is as near. */
function overlaps({ begin, end }: Outage, truth: KnownOutage): boolean {
  const margin = 150;
  return begin < ms(truth.end) + margin && (end ?? Infinity) > ms(truth.begin) - margin;
}

/** The truth itself is known to within its own bound, at both ends. */
function holds({ duration }: Outage, truth: KnownOutage): boolean {
  const doubt = 2 * ms(truth.bound);
  return duration.low <= lengthOf(truth) + doubt && (duration.high ?? Infinity) >= lengthOf(truth) - doubt;
}

function print(results: readonly Calibration[], folder: string, kept: boolean): void {
  console.log('probe                 seen    error p50     p95     max   bound held   its width (ms)');
  for (const { probe, outages: all, seen, error, held, width } of results) {
    const holding = `${(held * 100).toFixed(1)} %`.padStart(10);
    const figures = [error.p50, error.p95, error.max].map((value) => value.toFixed(2).padStart(8)).join('');
    console.log(`${probe.padEnd(20)} ${`${seen}/${all}`.padStart(6)}   ${figures}   ${holding}   ${width.toFixed(2)}`);
  }
  const promise = `the bound holds the truth in ${COVERAGE * 100} of 100, and idle the error is at most ${ERROR_MS} ms at p95`;
  console.log(`${kept ? 'kept' : 'NOT KEPT'}: ${promise}; ${folder}`);
}
