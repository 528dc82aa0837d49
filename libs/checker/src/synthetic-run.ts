/**
 * A history that nobody measured: for demonstrations of the report, and for tests, which know the truth in it.
 * Its `run.begin` says so in its scenario's name and in the reason for its substrate.
 */
import {
  HISTORY_VERSION,
  manualClock,
  memoryHistory,
  MILLISECOND,
  SECOND,
  type Layer,
  type Nanoseconds,
  type Phase,
  type RunEvent,
  type SampleClass,
  type SampleRow,
  type Stamped,
} from '@faultline/history';

export interface SyntheticProbe {
  readonly name: string;
  readonly layer: Layer;
  readonly rateHz: number;
  /** What it sees, by seconds from the fault in force; good wherever nothing is said. `share`: lost so often only. */
  readonly sees: readonly {
    readonly from: number;
    readonly to: number;
    readonly result: SampleClass;
    readonly share?: number;
  }[];
  /** Who answers, one of them at random, from so many seconds after the fault in force. In order of time. */
  readonly answers?: readonly { readonly from: number; readonly by: readonly string[] }[];
}

export interface SyntheticFault {
  readonly kind: string;
  readonly nodes: readonly string[];
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
  /** How long the injection takes, milliseconds. */
  readonly takesMs: number;
  /** Seconds from in force to healing; null: never healed. */
  readonly lasting: number | null;
}

export interface SyntheticEvent {
  readonly at: number;
  readonly event: RunEvent;
}

export interface SyntheticOptions {
  readonly seed: number;
  readonly probes: readonly SyntheticProbe[];
  readonly fault: SyntheticFault | null;
  /** Called fault-1, fault-2, ...: each in force so many seconds after the first. */
  readonly more?: readonly (SyntheticFault & { readonly at: number; readonly selector?: string })[];
  /** Seconds of measurement before the fault, and in all. */
  readonly before: number;
  readonly lasting: number;
  /** Largest lateness of the prober, milliseconds; 1 unless told. */
  readonly lateMs?: number;
  /** Further events, at seconds from the fault in force; those that carry a time of their own get this one. */
  readonly events?: readonly SyntheticEvent[];
  /** Other values of the first event. */
  readonly begin?: Partial<Extract<RunEvent, { type: 'run.begin' }>>;
}

const START: Nanoseconds = 1000 * SECOND;
const TIMEOUT = 250 * MILLISECOND;

/** The whole history of a run as it would have been written, from these truths. Pure: the same seed gives the same history. */
export function syntheticRun(options: SyntheticOptions): readonly Stamped[] {
  const random = randomFrom(options.seed);
  const inForce = START + options.before * SECOND;
  const events: { at: Nanoseconds; event: RunEvent }[] = [];
  const add = (at: Nanoseconds, event: RunEvent): void => void events.push({ at, event });
  const phase = (begin: Nanoseconds, end: Nanoseconds, name: Phase): void => {
    add(begin, { type: 'phase', phase: name, edge: 'begin' });
    add(end, { type: 'phase', phase: name, edge: 'end' });
  };
  const end = START + options.lasting * SECOND;
  add(START - 9 * SECOND, { ...beginning(options), ...options.begin });
  phase(START - 9 * SECOND, START - 6 * SECOND, 'boot');
  add(START - 6.5 * SECOND, { type: 'stage', name: 'nodes-ready' });
  phase(START - 6 * SECOND, START - 4 * SECOND, 'deploy');
  add(START - 4.5 * SECOND, { type: 'stage', name: 'first-200' });
  phase(START - 4 * SECOND, START, 'steady');
  add(START - 1, { type: 'steady', when: 'before', ok: true, detail: 'every probe good for 3 s' });
  phase(START, end, 'measure');
  for (const { at, event } of options.events ?? []) {
    const time = inForce + at * SECOND;
    // Nobody writes any more.
    if (time > end) continue;
    add(Math.max(START - 5 * SECOND, time), 'time' in event ? { ...event, time } : event);
  }
  if (options.fault) disturb(options.fault, { fault: 'fault-0', selector: 'announcer()', inForce }, add);
  for (const [index, { at, selector = 'agent(1)', ...fault }] of (options.more ?? []).entries())
    disturb(fault, { fault: `fault-${index + 1}`, selector, inForce: inForce + at * SECOND }, add);
  for (const probe of options.probes) observe(probe, { options, inForce, end, random, add });
  phase(end + TIMEOUT, end + SECOND, 'collect');
  add(end + 2 * SECOND, { type: 'run.end', outcome: 'completed' });
  return stamped(events);
}

function beginning({ seed }: SyntheticOptions): Extract<RunEvent, { type: 'run.begin' }> {
  return {
    type: 'run.begin',
    version: HISTORY_VERSION,
    run: 'synthetic',
    scenario: 'synthetic',
    cell: { backend: 'vxlan', loadBalancer: 'keepalived' },
    substrate: 'bare',
    substrateReason: 'synthetic: made up, nothing was measured',
    seed,
    command: `faultline run synthetic --seed ${seed}`,
    commit: null,
    dirty: false,
    versions: { faultline: '0.1.0' },
  };
}

type Add = (at: Nanoseconds, event: RunEvent) => void;

function disturb(
  { kind, nodes, parameters = {}, takesMs, lasting }: SyntheticFault,
  { fault, selector, inForce }: { fault: string; selector: string; inForce: Nanoseconds },
  add: Add,
): void {
  const event = { fault, kind, nodes, parameters };
  const begin = inForce - takesMs * MILLISECOND;
  add(begin - MILLISECOND, {
    type: 'target',
    fault,
    selector,
    nodes,
    why: 'it answers for the address',
  });
  add(begin, { type: 'fault.inject', edge: 'begin', ...event });
  add(inForce, { type: 'fault.inject', edge: 'end', ...event });
  add(inForce + SECOND, {
    type: 'fault.prove',
    fault,
    when: 'injected',
    state: true,
    effect: true,
    detail: `${kind} is in force`,
  });
  if (lasting === null) return;
  const heal = inForce + lasting * SECOND;
  add(heal, { type: 'fault.heal', edge: 'begin', ...event });
  add(heal + 20 * MILLISECOND, { type: 'fault.heal', edge: 'end', ...event });
  add(heal + 30 * MILLISECOND, {
    type: 'fault.prove',
    fault,
    when: 'healed',
    state: true,
    effect: null,
    detail: `${kind} is gone`,
  });
  for (const node of nodes) add(heal + 40 * MILLISECOND, { type: 'dataplane', node, residue: [] });
  add(heal + 4 * SECOND, { type: 'steady', when: 'after', ok: true, detail: 'every probe good for 3 s' });
}

interface Scene {
  readonly options: SyntheticOptions;
  readonly inForce: Nanoseconds;
  readonly end: Nanoseconds;
  readonly random: () => number;
  readonly add: Add;
}

function observe(probe: SyntheticProbe, { options, inForce, end, random, add }: Scene): void {
  const { name, layer, rateHz, sees, answers } = probe;
  const what = `${layer} to 198.18.4.200`;
  add(START - 3.5 * SECOND, {
    type: 'probe.begin',
    probe: { name, layer, what, from: 'client', to: 'virtual address', rateHz, timeoutMs: 250 },
  });
  const phase = random();
  const rows: SampleRow[] = [];
  const period = SECOND / rateHz;
  for (let sequence = 0; ; sequence++) {
    const intended = START - 3 * SECOND + (sequence + phase) * period;
    if (intended >= end) break;
    const sent = intended + random() ** 4 * (options.lateMs ?? 1) * MILLISECOND;
    const at = (sent - inForce) / SECOND;
    const fate = sees.find(({ from, to, share = 1 }) => at >= from && at < to && random() < share);
    const names = answers?.findLast(({ from }) => at >= from)?.by;
    const by = names?.[Math.floor(random() * names.length)] ?? null;
    const quick = (0.4 + random() ** 6 * 4) * MILLISECOND;
    rows.push([
      sequence,
      intended,
      sent,
      fate?.result === 'timeout' ? TIMEOUT : quick,
      fate?.result ?? 'ok',
      fate ? null : by,
    ]);
  }
  // In the order of completion, in batches, as a prober tells them.
  const told = rows.toSorted((a, b) => a[2] + a[3] - (b[2] + b[3]));
  const perBatch = Math.max(1, Math.round(rateHz / 4));
  for (let index = 0; index < told.length; index += perBatch) {
    const batch = told.slice(index, index + perBatch);
    const last = batch.at(-1);
    add((last?.[2] ?? 0) + (last?.[3] ?? 0), { type: 'samples', probe: name, rows: batch });
  }
  const lateness = {
    count: rows.length,
    p50: 0.1 * MILLISECOND,
    p99: (options.lateMs ?? 1) * MILLISECOND,
    max: (options.lateMs ?? 1) * MILLISECOND,
  };
  add(end + TIMEOUT + MILLISECOND, { type: 'probe.end', probe: name, sent: rows.length, lateness, latency: '' });
}

function stamped(events: readonly { at: Nanoseconds; event: RunEvent }[]): readonly Stamped[] {
  const clock = manualClock(0);
  const history = memoryHistory(clock);
  for (const { at, event } of events.toSorted((a, b) => a.at - b.at)) {
    clock.advance(at - clock.now());
    history.append(event);
  }
  return history.events;
}

/** mulberry32: small, seeded, good enough to scatter samples. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
