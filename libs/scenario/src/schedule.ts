/**
 * When which fault begins and ends. Faults compose: two at once, one inside another, one after the other.
 *
 * They are undone as they were done, the last one first: a fault that begins while another is in force ends within it, or
 * together with it. A schedule that says otherwise is refused before anything is booted, for every seed alike.
 */
import { loadBalancers, type Settings } from '@faultline/cluster/plan';
import { FaultPlanError, planFault, type FaultPlan } from '@faultline/fault/plan';
import { milliseconds } from './duration.ts';
import type { ScenarioCell } from './expand.ts';
import { faultId, type FaultInput, type Scenario } from './scenario.ts';
import { below } from './seed.ts';

/** How long a failover is watched after the latest time that was promised, milliseconds. */
const HELD_MS = 12_000;

export interface PlannedFault extends FaultPlan {
  /** Whether it is healed when its time is over; else it stays until tear-down. */
  readonly heal: boolean;
  /** Its time is over when what it broke has been good again for 10 s, and at the latest when its time is over. */
  readonly untilRecovered: boolean;
}

export interface Choices {
  readonly cell: ScenarioCell;
  readonly settings: Settings;
  readonly random: () => number;
  /** What would be left as it is until tear-down is healed with the last one instead: somebody needs the cluster whole. */
  readonly healAll?: boolean;
}

/**
 * The faults of a scenario, checked, each with its times.
 *
 * What is drawn for the first one moves all of them: the schedule keeps its shape, whichever phase of the cluster's timers
 * it meets. What others are given of their own comes on top.
 * @throws FaultPlanError naming the fault, what is wrong with it, and what is allowed.
 */
export function planFaults(
  scenario: Scenario,
  { cell, settings, random, healAll = false }: Choices,
): readonly PlannedFault[] {
  const asked = scenario.faults.map((fault, index) => ({
    ...windowOf(fault, lastingOf(scenario, index, cell, settings)),
    fault,
    id: faultId(index),
  }));
  const timed = healAll ? asked.map((one) => healedWithTheLast(one, asked)) : asked;
  const problems = timed.flatMap((one) => timed.flatMap((other) => clash(one, other)));
  if (problems.length > 0) throw new FaultPlanError(`the faults of ${scenario.name}`, problems);
  const [first] = timed;
  const shared = below(random, first?.jitterMs || 1);
  return timed.map(({ fault, id, afterMs, jitterMs, lastingMs }, index) => ({
    ...planFault({
      id,
      kind: fault.kind,
      // What is not healed is left as it is until tear-down, also when the run is interrupted.
      parameters: { ...processOf(fault, cell), ...fault.parameters, ...(!fault.heal && { restart: false }) },
      target: fault.target,
      afterMs: afterMs + shared + (index > 0 ? below(random, jitterMs || 1) : 0),
      lastingMs,
    }),
    heal: fault.heal,
    untilRecovered: fault.until === 'recovered',
  }));
}

/** Milliseconds; without what is drawn for all alike. */
interface Timed {
  readonly id: string;
  readonly fault: Required<FaultInput>;
  readonly afterMs: number;
  /** Of the first fault it moves all, and is no difference between them. */
  readonly jitterMs: number;
  readonly lastingMs: number;
}

function windowOf(fault: Required<FaultInput>, lastingMs: number): Omit<Timed, 'id' | 'fault'> {
  return { afterMs: milliseconds(fault.after), jitterMs: milliseconds(fault.jitter), lastingMs };
}

function healedWithTheLast(one: Timed, all: readonly Timed[]): Timed {
  if (one.fault.heal) return one;
  const end = Math.max(...all.map((other) => other.afterMs + moved(other) + other.lastingMs));
  const lastingMs = end - one.afterMs;
  const until = lastingMs > one.lastingMs ? 'end' : one.fault.until;
  return { ...one, fault: { ...one.fault, heal: true, until }, lastingMs };
}

/** What is wrong with a fault, given one that it begins in. */
function clash(outer: Timed, inner: Timed): readonly string[] {
  if (outer === inner || !beginsWithin(outer, inner)) return [];
  const where = `${inner.id} (${inner.fault.kind}) begins while ${outer.id} (${outer.fault.kind}) is in force`;
  if (outer.fault.until === 'recovered' && inner.afterMs < outer.afterMs + moved(outer) + outer.lastingMs)
    return [
      `${where}, whose end is not known before: it is when clients have recovered. Allowed: until: 'end' for ${outer.id}`,
    ];
  // What is never healed is in force to the end: everything later is within it.
  if (!outer.fault.heal) return [];
  if (!inner.fault.heal)
    return [
      `${where}, and is never healed, while ${outer.id} is. Allowed: both are healed, or neither, or only ${inner.id}`,
    ];
  const latest = inner.afterMs + moved(inner) + inner.lastingMs;
  const end = outer.afterMs + outer.lastingMs;
  if (latest <= end) return [];
  const room = end - inner.afterMs - moved(inner);
  const shorter = room > 0 ? `lasting at most ${room} ms, or ` : '';
  const allowed = `${shorter}after at least ${end + moved(outer)} ms`;
  return [`${where}, and ends ${latest - end} ms after it: the last one in is healed first. Allowed: ${allowed}`];
}

/** Equal begins: the longer one is the outer one, else the one that is named first. */
function beginsWithin(outer: Timed, inner: Timed): boolean {
  const end = outer.fault.heal ? outer.afterMs + moved(outer) + outer.lastingMs : Infinity;
  if (outer.afterMs === inner.afterMs && moved(outer) + moved(inner) === 0) return isOuter(outer, inner);
  return outer.afterMs < inner.afterMs + moved(inner) && inner.afterMs < end;
}

type Lasting = Pick<PlannedFault, 'id' | 'lastingMs'>;

const isOuter = (one: Lasting, other: Lasting): boolean =>
  one.lastingMs > other.lastingMs || (one.lastingMs === other.lastingMs && one.id < other.id);

export interface Step {
  readonly what: 'inject' | 'end';
  readonly fault: PlannedFault;
}

/** What is done in which order: the first in is the last out, and what is over is undone before the next begins. */
export function stepsOf(faults: readonly PlannedFault[]): readonly Step[] {
  const begins = faults.toSorted((a, b) => a.afterMs - b.afterMs || (isOuter(a, b) ? -1 : 1));
  const ends = begins.toReversed().toSorted((a, b) => endOf(a) - endOf(b));
  const timed = [
    ...ends.map((fault) => ({ at: endOf(fault), what: 'end' as const, fault })),
    ...begins.map((fault) => ({ at: fault.afterMs, what: 'inject' as const, fault })),
  ];
  return timed.toSorted((a, b) => a.at - b.at).map(({ what, fault }) => ({ what, fault }));
}

/** How long it is there, at most: what is not healed outlives its own time. */
export const presenceOf = (fault: PlannedFault, all: readonly PlannedFault[]): number =>
  fault.heal ? fault.lastingMs : Math.max(...all.map(endOf)) - fault.afterMs;

export const endOf = ({ afterMs, lastingMs }: PlannedFault): number => afterMs + lastingMs;

/** How much later than the first fault's own draw says it may begin. */
const moved = ({ id, jitterMs }: Timed): number => (id === faultId(0) ? 0 : jitterMs);

/** Long enough to see the failover that the load balancer promises of this fault, and that it holds. */
function lastingOf(
  { faults, expect }: Scenario,
  index: number,
  { loadBalancer }: ScenarioCell,
  settings: Settings,
): number {
  const asked = milliseconds(faults[index]?.lasting ?? '0ms');
  const promised = loadBalancers[loadBalancer].failover(settings)?.atMostMs ?? 0;
  const isFailover = expect.some(({ checks }) =>
    checks.some(({ check, fault = faultId(0) }) => check === 'failover' && fault === faultId(index)),
  );
  return isFailover ? Math.max(asked, promised + HELD_MS) : asked;
}

/** The component that announces is called otherwise with every load balancer: its record says how. */
function processOf({ kind }: FaultInput, { loadBalancer }: ScenarioCell): Readonly<Record<string, string>> {
  const { process } = loadBalancers[loadBalancer];
  return kind === 'process-kill' && process !== undefined ? { process } : {};
}
