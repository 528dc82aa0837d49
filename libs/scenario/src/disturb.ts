/** Carries out the schedule of a plan: each fault injected at its time, proved at its end, and healed, the last one in first. */
import type { ClusterNode } from '@faultline/cluster';
import { elapse, onAll } from '@faultline/control';
import type { ActiveFault, FaultSession } from '@faultline/fault';
import { restartsNode } from '@faultline/fault/plan';
import { MILLISECOND, type Nanoseconds } from '@faultline/history';
import { resolveTarget, selectorName } from './edge.ts';
import type { RunPlan } from './plan-run.ts';
import type { RunOptions, Stage } from './stage.ts';
import { endOf, presenceOf, stepsOf, type PlannedFault } from './schedule.ts';
import type { SteadyGate } from './steady.ts';
import { SWEEP_MS, type Sweeper } from './sweeper.ts';

export interface Instruments {
  readonly session: FaultSession;
  readonly gate: SteadyGate;
  readonly sweeper: Sweeper | undefined;
}

/** What was done to which nodes. */
export interface Struck {
  readonly fault: PlannedFault;
  readonly nodes: readonly ClusterNode[];
}

export interface Disturbed {
  readonly struck: readonly Struck[];
  /** Killed and healed, and not whole again yet. */
  readonly dead: readonly ClusterNode[];
}

interface InForce extends Struck {
  readonly active: ActiveFault;
  /** When its time is over, on the run's clock. */
  readonly until: Nanoseconds;
}

/** @returns what was struck, in order. @throws whatever an injection, a proof or healing threw; closing the session heals the rest. */
export async function disturb(
  plan: RunPlan,
  stage: Stage,
  instruments: Instruments,
  options: RunOptions,
): Promise<Disturbed> {
  const { history, signal } = options;
  const begin = history.clock.now();
  const inForce = new Map<PlannedFault, InForce>();
  const struck: Struck[] = [];
  const dead: ClusterNode[] = [];
  const steps = stepsOf(plan.faults);
  for (const [index, { what, fault }] of steps.entries()) {
    if (what === 'inject') {
      await elapse(remaining(options, begin + fault.afterMs * MILLISECOND), signal);
      // A machine that was killed and healed is whole again before the next thing is done to the cluster.
      await onAll(dead.splice(0), ({ name }) => stage.cluster.revive(name, { signal }));
      const done = await inject({ plan, fault }, stage, [...inForce.values()], instruments, options);
      inForce.set(fault, done);
      struck.push(done);
    } else {
      const over = inForce.get(fault);
      inForce.delete(fault);
      // Of nested ones the first to end is when all of them are in force: that is what is swept.
      const sweeper = steps[index - 1]?.what === 'inject' ? instruments.sweeper : undefined;
      if (over) await end(over, { ...instruments, sweeper }, options);
      if (fault.heal && restartsNode(fault)) dead.push(...(over?.nodes ?? []));
    }
  }
  return { struck, dead };
}

const remaining = ({ history }: RunOptions, at: Nanoseconds): number =>
  Math.max(0, (at - history.clock.now()) / MILLISECOND);

async function inject(
  { plan, fault }: { readonly plan: RunPlan; readonly fault: PlannedFault },
  stage: Stage,
  inForce: readonly InForce[],
  { session }: Instruments,
  { history, signal }: RunOptions,
): Promise<InForce> {
  const { nodes, why } = await resolveTarget(fault.target, { ...stage, signal });
  const names = nodes.map(({ name }) => name);
  history.append({ type: 'target', fault: fault.id, selector: selectorName(fault.target), nodes: names, why });
  const lastingMs = presenceOf(fault, plan.faults);
  const active = await session.inject({ ...fault, lastingMs }, nodes, { signal });
  // One that was late because its injection took long still ends within those that it is nested in.
  const outer = inForce.filter((other) => endOf(other.fault) >= endOf(fault)).map(({ until }) => until);
  const until = Math.min(history.clock.now() + fault.lastingMs * MILLISECOND, ...outer);
  return { fault, nodes, active, until };
}

async function end(over: InForce, { gate, sweeper }: Instruments, options: RunOptions): Promise<void> {
  const { fault, active, until } = over;
  const { signal } = options;
  const rest = (lessMs = 0): Promise<void> => elapse(Math.max(0, remaining(options, until) - lessMs), signal);
  if (fault.untilRecovered) await gate.recovered({ signal, withinMs: remaining(options, until) });
  else await rest(sweeper ? SWEEP_MS : 0);
  await sweeper?.sweep('during');
  if (!fault.untilRecovered) await rest();
  // Proved at the end of its time: by then the traffic has run into it, and its counters say so.
  await active.prove({ signal });
  if (fault.heal) await active.heal();
}
