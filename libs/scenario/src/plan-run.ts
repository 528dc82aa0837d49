/** A scenario, a cell and a seed make a plan: everything that a run needs to know, as data. */
import type { Expectation } from '@faultline/checker';
import { planCluster, type ClusterPlan } from '@faultline/cluster/plan';
import { planFault, type FaultPlan } from '@faultline/fault/plan';
import type { Substrate } from '@faultline/history';
import { DEFAULT_HOST, type WorkloadSpec } from '@faultline/workload/plan';
import { milliseconds } from './duration.ts';
import type { ScenarioCell } from './expand.ts';
import type { ProbeGroup, Scenario } from './scenario.ts';
import { below, seeded } from './seed.ts';

export const PLAN_VERSION = 1;

export interface RunPlan {
  readonly version: number;
  readonly scenario: string;
  readonly why: string;
  readonly cell: ScenarioCell;
  readonly substrate: Substrate;
  readonly seed: number;
  readonly cluster: ClusterPlan;
  readonly workload: WorkloadSpec;
  readonly watch: readonly ProbeGroup[];
  readonly fault: FaultPlan;
  readonly heal: boolean;
  readonly steadyWithinMs: number;
  readonly settleWithinMs: number;
  readonly expectations: readonly Expectation[];
}

export interface PlanOptions {
  readonly cell: ScenarioCell;
  readonly seed: number;
  /** Image of the app, and our tools image, by their full names. */
  readonly app: string;
  readonly tools: string;
  readonly k3s?: string | undefined;
  readonly subnet?: string | undefined;
}

/** @throws the planners' errors: each names the value, where, what is allowed and the nearest valid one. */
export function planRun(scenario: Scenario, options: PlanOptions): RunPlan {
  const { cell, seed } = options;
  const random = seeded(seed);
  const { fault } = scenario;
  return {
    version: PLAN_VERSION,
    scenario: scenario.name,
    why: scenario.why,
    cell,
    substrate: cell.substrate,
    seed,
    cluster: planCluster(
      { ...cell, ...scenario.topology, ...(cell.substrate === 'k3s' && options.k3s && { k3s: options.k3s }) },
      { tools: options.tools, app: options.app, subnet: options.subnet ?? null },
    ),
    workload: { app: options.app, replicas: scenario.workload.replicas, host: DEFAULT_HOST },
    watch: scenario.watch,
    fault: planFault({
      id: 'fault-0',
      kind: fault.kind,
      // What is not healed is left as it is until tear-down, also when the run is interrupted.
      parameters: { ...fault.parameters, ...(!fault.heal && { restart: false }) },
      target: fault.target,
      afterMs: milliseconds(fault.after) + below(random, milliseconds(fault.jitter) || 1),
      lastingMs: milliseconds(fault.lasting),
    }),
    heal: fault.heal,
    steadyWithinMs: milliseconds(scenario.steadyWithin),
    settleWithinMs: milliseconds(scenario.settleWithin),
    expectations: scenario.expect.filter(({ when }) => matches(when, cell)).flatMap(({ checks }) => checks),
  };
}

function matches(when: Readonly<Record<string, string | undefined>>, cell: ScenarioCell): boolean {
  return Object.entries(when).every(([factor, value]) => cell[factor as keyof ScenarioCell] === value);
}
