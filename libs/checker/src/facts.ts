/** A history, gathered: what happened when, and every probe's rows in order. Only what was written; nothing is judged here. */
import type { EventOf, Nanoseconds, Phase, ProbeDescription, RunEvent, SampleRow, Stamped } from '@faultline/history';

export interface Span {
  readonly begin: Nanoseconds;
  /** Null: the history does not say that it ended. */
  readonly end: Nanoseconds | null;
}

export interface FaultFacts {
  readonly fault: string;
  readonly kind: string;
  readonly nodes: readonly string[];
  readonly parameters: EventOf<'fault.inject'>['parameters'];
  readonly inject: Span;
  readonly heal: Span | null;
  /** What inject or heal said when it failed. */
  readonly injectError: string | undefined;
  readonly healError: string | undefined;
  readonly injected: EventOf<'fault.prove'> | undefined;
  readonly healed: EventOf<'fault.prove'> | undefined;
}

export interface ProbeFacts {
  readonly description: ProbeDescription;
  /** Sorted by intended time: probers answer out of order, and batches of two vantages interleave. */
  readonly rows: readonly SampleRow[];
}

export interface Facts {
  readonly events: readonly Stamped[];
  readonly begin: EventOf<'run.begin'> | undefined;
  readonly end: EventOf<'run.end'> | undefined;
  /** The phase that had begun last. */
  readonly lastPhase: Phase | undefined;
  readonly measure: Span | null;
  /** Zero of the verdict's milliseconds: the begin of the measurement, or of what there is. */
  readonly origin: Nanoseconds;
  /** In order of injection. */
  readonly faults: readonly FaultFacts[];
  readonly probes: readonly ProbeFacts[];
}

/** All events of one type. */
export function eventsOf<T extends RunEvent['type']>(events: readonly Stamped[], type: T): readonly EventOf<T>[] {
  return events.filter((event): event is EventOf<T> => event.type === type);
}

export function gather(events: readonly Stamped[]): Facts {
  const phases = eventsOf(events, 'phase');
  const measure = spanOf(phases.filter(({ phase }) => phase === 'measure'));
  return {
    events,
    begin: eventsOf(events, 'run.begin')[0],
    end: eventsOf(events, 'run.end')[0],
    lastPhase: phases.findLast(({ edge }) => edge === 'begin')?.phase,
    measure,
    origin: measure?.begin ?? eventsOf(events, 'probe.begin')[0]?.at ?? events[0]?.at ?? 0,
    faults: faultsOf(events),
    probes: probesOf(events),
  };
}

/** The same history as it is told of one fault alone: by what it struck, and when it was there. */
export function aboutFault(facts: Facts, { fault }: Pick<FaultFacts, 'fault'>): Facts {
  return { ...facts, faults: facts.faults.filter((one) => one.fault === fault) };
}

function spanOf(edges: readonly { edge: 'begin' | 'end'; at: Nanoseconds }[]): Span | null {
  const begin = edges.find(({ edge }) => edge === 'begin');
  return begin ? { begin: begin.at, end: edges.find(({ edge }) => edge === 'end')?.at ?? null } : null;
}

export function faultsOf(events: readonly Stamped[]): readonly FaultFacts[] {
  const injects = eventsOf(events, 'fault.inject');
  const heals = eventsOf(events, 'fault.heal');
  const proofs = eventsOf(events, 'fault.prove');
  return injects
    .filter(({ edge }) => edge === 'begin')
    .map((first): FaultFacts => {
      const own = <E extends { fault: string }>(all: readonly E[]) => all.filter(({ fault }) => fault === first.fault);
      const last = own(injects).findLast(({ edge }) => edge === 'end');
      return {
        fault: first.fault,
        kind: first.kind,
        nodes: last?.nodes ?? first.nodes,
        parameters: first.parameters,
        inject: { begin: first.at, end: last?.at ?? null },
        heal: spanOf(own(heals)),
        injectError: last?.error,
        healError: own(heals).find(({ error }) => error !== undefined)?.error,
        injected: own(proofs).findLast(({ when }) => when === 'injected'),
        healed: own(proofs).findLast(({ when }) => when === 'healed'),
      };
    });
}

function probesOf(events: readonly Stamped[]): readonly ProbeFacts[] {
  const rows = new Map<string, SampleRow[]>();
  for (const batch of eventsOf(events, 'samples')) {
    const sofar = rows.get(batch.probe) ?? [];
    for (const row of batch.rows) sofar.push(row);
    rows.set(batch.probe, sofar);
  }
  const descriptions = new Map(eventsOf(events, 'probe.begin').map(({ probe }) => [probe.name, probe]));
  return [...descriptions.values()].map((description) => ({
    description,
    rows: sorted(rows.get(description.name) ?? []),
  }));
}

/** By intended time, whatever order they arrived in. */
export function sorted(rows: readonly SampleRow[]): readonly SampleRow[] {
  return rows.toSorted((a, b) => a[1] - b[1]);
}
