/** The picture that every rendering draws: lanes of samples, marks, the fault, in milliseconds from the fault in force. */
import {
  eventsOf,
  mainProbe,
  RECOVERY,
  type Episode,
  type FaultMeasure,
  type Outage,
  type ProbeMeasure,
  type Verdict,
} from '@faultline/checker';
import {
  LAYERS,
  MILLISECOND,
  type Nanoseconds,
  type SampleClass,
  type SampleRow,
  type Stamped,
} from '@faultline/history';
import { zeroFault, zeroName } from './faults.ts';
import { connections, neighbours, stretches, type Stretch, type Tick } from './owner.ts';

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly sent: number;
  readonly lost: number;
  /** The class lost most; `ok` where nothing was lost. */
  readonly worst: SampleClass;
}

export interface Lane {
  readonly name: string;
  readonly what: string;
  readonly layer: string;
  readonly measure: ProbeMeasure | undefined;
  /** Divided evenly; a bin without samples has `sent` 0. */
  bins(from: number, to: number, count: number): readonly Bin[];
}

export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface Mark {
  readonly at: number;
  readonly label: string;
}

export interface FaultWindow {
  readonly begin: number;
  readonly inForce: number;
  /** Null: not while anything was sampled. */
  readonly healed: number | null;
  readonly label: string;
}

export interface Picture {
  readonly lanes: readonly Lane[];
  readonly marks: readonly Mark[];
  /** Who answered for the address, and the client's neighbour entry; empty where nobody looked. */
  readonly owners: readonly Stretch[];
  readonly neighbours: readonly Stretch[];
  readonly ticks: readonly Tick[];
  /** When the load balancer promises the address back, from the fault in force. */
  readonly expected: Verdict['envelope'];
  readonly whole: Range;
  /** Where the whole hides it: the time around the outage. */
  readonly detail: Range | null;
  /** The one that times count from. */
  readonly fault: FaultWindow | null;
  /** All of them, in order of injection. */
  readonly faults: readonly FaultWindow[];
  /** What zero is: `the fault`, `fault-1`. */
  readonly zeroName: string;
  readonly main: ProbeMeasure | undefined;
  readonly episode: Episode | undefined;
  readonly outage: Outage | undefined;
  /** The fault in force, on the run's clock. */
  readonly zero: Nanoseconds;
  /** Milliseconds from the begin of the measurement (as in the verdict) to those of the picture. */
  readonly shift: number;
}

export function picture(events: readonly Stamped[], verdict: Verdict): Picture {
  const measure = eventsOf(events, 'phase').find(({ phase, edge }) => phase === 'measure' && edge === 'begin');
  const origin = measure?.at ?? eventsOf(events, 'probe.begin')[0]?.at ?? events[0]?.at ?? 0;
  const fault = zeroFault(verdict);
  const shift = fault?.inForce ?? 0;
  const zero = origin + shift * MILLISECOND;
  const lanes = lanesOf(events, verdict, zero);
  const whole = rangeOf(events, origin, shift);
  const asked = judgedFirst(verdict);
  const main = verdict.probes.find(({ probe }) => probe === asked) ?? mainProbe(verdict.probes);
  // A few samples lost here and there are in the tables; they are nothing to point at.
  const isStory = main?.struck && main.struck.lost >= RECOVERY.good;
  const episode = (isStory && main.struck) || undefined;
  const outage = (isStory && main.worst) || undefined;
  return {
    lanes,
    marks: verdict.milestones.map(({ at, what, detail }) => ({
      at: at.estimate,
      label: detail ? `${what}: ${detail}` : what,
    })),
    owners: stretches(verdict, shift),
    neighbours: neighbours(events, zero, whole.to),
    ticks: connections(events, zero),
    expected: fault ? verdict.envelope : null,
    whole,
    detail: detailOf(whole, { fault, episode, shift, promised: verdict.envelope?.atMostMs ?? 0 }),
    fault: fault ? windowOf(fault, { whole, shift, isOne: verdict.faults.length === 1 }) : null,
    faults: verdict.faults.map((one) => windowOf(one, { whole, shift, isOne: verdict.faults.length === 1 })),
    zeroName: zeroName(verdict),
    main,
    episode,
    outage,
    zero,
    shift,
  };
}

interface Drawn {
  readonly whole: Range;
  readonly shift: number;
  readonly isOne: boolean;
}

function windowOf(fault: FaultMeasure, { whole, shift, isOne }: Drawn): FaultWindow {
  const what = `${fault.kind} ${fault.nodes.join(', ')}`;
  return {
    begin: fault.injectBegin - shift,
    inForce: (fault.inForce ?? fault.injectBegin) - shift,
    healed: healedWithin(fault, whole, shift),
    label: isOne ? `fault in force: ${what}` : `${fault.fault}: ${what}`,
  };
}

/** Healing at tear-down, after the last sample, is nothing that a client saw. */
function healedWithin({ healed }: FaultMeasure, whole: Range, shift: number): number | null {
  return healed !== null && healed - shift <= whole.to ? healed - shift : null;
}

/** The checker names a check after its probe: the first such check is what the scenario asks about. */
function judgedFirst({ checks, probes }: Verdict): string | undefined {
  const words = checks.flatMap(({ check }) => check.split(' '));
  return words.find((word) => probes.some(({ probe, layer }) => probe === word && layer !== 'control'));
}

function lanesOf(events: readonly Stamped[], verdict: Verdict, zero: Nanoseconds): readonly Lane[] {
  const rows = new Map<string, SampleRow[]>();
  for (const { probe, rows: batch } of eventsOf(events, 'samples')) {
    const sofar = rows.get(probe) ?? [];
    for (const row of batch) sofar.push(row);
    rows.set(probe, sofar);
  }
  const lanes = eventsOf(events, 'probe.begin').map(({ probe: { name, what, layer } }): Lane => ({
    name,
    what,
    layer,
    measure: verdict.probes.find(({ probe }) => probe === name),
    bins: (from, to, count) => binned(rows.get(name) ?? [], { from, to, count, zero }),
  }));
  const place = ({ name, layer }: Lane): number =>
    (name.startsWith('edge') ? 0 : 100) + (LAYERS as readonly string[]).indexOf(layer);
  return lanes.toSorted((a, b) => place(a) - place(b));
}

interface Cut extends Range {
  readonly count: number;
  readonly zero: Nanoseconds;
}

function binned(rows: readonly SampleRow[], { from, to, count, zero }: Cut): readonly Bin[] {
  const width = (to - from) / count;
  const counts = Array.from({ length: count }, () => new Map<SampleClass, number>());
  for (const [, intended, , , result] of rows) {
    const place = Math.floor(((intended - zero) / MILLISECOND - from) / width);
    const bin = counts[place];
    if (bin) bin.set(result, (bin.get(result) ?? 0) + 1);
  }
  return counts.map((bin, index) => {
    const total = [...bin.values()].reduce((sum, value) => sum + value, 0);
    const [worst = 'ok'] = [...bin].filter(([result]) => result !== 'ok').toSorted(([, a], [, b]) => b - a)[0] ?? [];
    return {
      from: from + index * width,
      to: from + (index + 1) * width,
      sent: total,
      lost: total - (bin.get('ok') ?? 0),
      worst,
    };
  });
}

function rangeOf(events: readonly Stamped[], origin: Nanoseconds, shift: number): Range {
  let first = Infinity;
  let last = -Infinity;
  for (const { rows } of eventsOf(events, 'samples')) {
    for (const [, intended] of rows) {
      first = Math.min(first, intended);
      last = Math.max(last, intended);
    }
  }
  if (first === Infinity) return { from: 0, to: 1000 };
  const relative = (at: Nanoseconds): number => (at - origin) / MILLISECOND - shift;
  // Of the steady state before the measurement only the end is shown.
  return {
    from: Math.floor(Math.max(relative(first), relative(origin) - 3000) / 500) * 500,
    to: Math.ceil(relative(last) / 10) * 10,
  };
}

interface Happening {
  readonly fault: FaultMeasure | undefined;
  readonly episode: Episode | undefined;
  readonly shift: number;
  /** When the load balancer promises the address back at the latest: to be seen beside what was measured. */
  readonly promised: number;
}

/** An outage that takes less than a third of the whole is drawn again, larger: from before the fault until after it. */
function detailOf(whole: Range, { fault, episode, shift, promised }: Happening): Range | null {
  if (!fault || !episode || episode.end === null) return null;
  const begin = Math.min(fault.injectBegin, episode.begin) - shift;
  const end = Math.max(episode.end - shift, begin + 200, promised);
  const length = end - begin;
  if (length > (whole.to - whole.from) / 3) return null;
  const step = length > 2000 ? 500 : 100;
  return { from: Math.floor((begin - length * 0.1) / step) * step, to: Math.ceil((end + length * 0.25) / step) * step };
}
