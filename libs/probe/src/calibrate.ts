/**
 * The instrument's own error: the same prober, against an address that goes silent for known times.
 *
 * The truth comes from the other side: a stub in another container has its kernel drop all packets of the client, and stamps
 * the instants before and after the kernel was told. This makes the samples and the truths; to estimate outages from the
 * samples, as for a run, is the checker's part.
 */
import { elapse, type Commander, type Running } from '@faultline/control';
import type { History, Nanoseconds } from '@faultline/history';
import { edgeProbes, type EdgeKind, type Silence } from './plan.ts';
import { startProber } from './prober.ts';
import { FOLDER, linesOf, programFiles } from './program.ts';

export interface CalibrationOptions {
  /** On the LAN, as in a run. */
  readonly client: { readonly commander: Commander; readonly address: string };
  /** Another container of the LAN, with nft and NET_ADMIN. */
  readonly stub: { readonly commander: Commander; readonly address: string };
  /** From `planSilences`. */
  readonly silences: readonly Silence[];
  /** Busy processes beside it, and where; 4 on 2 cores is the hard case. Not in the stub: they would share its precedence. */
  readonly hogs?: { readonly commander: Commander; readonly count: number };
  readonly history: History;
  readonly signal: AbortSignal;
}

/** A silence as it was: the truth lies within `bound` of `begin`, and of `end`. */
export interface KnownOutage {
  readonly begin: Nanoseconds;
  readonly end: Nanoseconds;
  readonly bound: Nanoseconds;
}

export const CALIBRATED: readonly EdgeKind[] = ['icmp', 'tcp', 'http-new', 'http-kept'];

const PORT = 18_080;
const ANSWER_WITHIN_MS = 20_000;

/** Good samples must close the last outage before the probes stop. */
const AFTERWARDS_MS = 2000;

/** Ends with its standard input. */
const HOG = ['sh', '-c', 'while :; do :; done & hog=$!; cat > /dev/null; kill $hog'];

/**
 * Runs the silences one after the other, and returns what is true of each. The samples are in the history, under
 * `calibrate-<kind>` for each of CALIBRATED, at the rates of a run.
 * @throws Error when the stub cannot silence itself, with what it said.
 */
export async function calibrate(options: CalibrationOptions): Promise<readonly KnownOutage[]> {
  const { client, stub, silences, hogs, history, signal } = options;
  const place = { address: stub.address, port: PORT, host: stub.address, path: '/', prefix: 'calibrate', to: 'stub' };
  await stub.commander.copyIn(await programFiles(), { signal });

  await using busy = new AsyncDisposableStack();
  const silencer = busy.use(await stub.commander.start(['node', `${FOLDER}/stub.ts`, String(PORT), client.address]));
  const answer = answersOf(silencer, signal);
  await answer(0);
  if (hogs) await startHogs(hogs, busy);

  const specs = edgeProbes({ ...place, kinds: CALIBRATED });
  await using _prober = await startProber(client.commander, { name: 'client' }, specs, { history, signal });
  const truths: KnownOutage[] = [];
  for (const { afterMs, lastingMs } of silences) {
    silencer.stdin.write(`${afterMs} ${lastingMs}\n`);
    truths.push(known(JSON.parse(await answer(afterMs + lastingMs)) as Stamps));
  }
  await elapse(AFTERWARDS_MS, signal);
  return truths;
}

async function startHogs(
  { commander, count }: NonNullable<CalibrationOptions['hogs']>,
  busy: AsyncDisposableStack,
): Promise<void> {
  for (let hog = 0; hog < count; hog++) busy.use(await commander.start(HOG));
}

/** The stub's next line, within the given time and some more. */
function answersOf(silencer: Running, signal: AbortSignal): (ms: number) => Promise<string> {
  const next = linesOf(silencer);
  return (ms) => next(AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(ms) + ANSWER_WITHIN_MS)]));
}

type Bracket = readonly [before: Nanoseconds, after: Nanoseconds];

interface Stamps {
  readonly begin: Bracket;
  readonly end: Bracket;
}

function known({ begin, end }: Stamps): KnownOutage {
  const middle = ([before, after]: Bracket) => (before + after) / 2;
  const half = ([before, after]: Bracket) => (after - before) / 2;
  return { begin: middle(begin), end: middle(end), bound: Math.max(half(begin), half(end)) };
}
