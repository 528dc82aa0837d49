/** A scenario, a cell and a seed make a plan: everything that a run needs to know, as data. */
import type { Expectation } from '@faultline/checker';
import { loadBalancers, planCluster, type ClusterPlan, type Cni, type Settings } from '@faultline/cluster/plan';
import type { Substrate } from '@faultline/history';
import { DEFAULT_HOST, type WorkloadSpec } from '@faultline/workload/plan';
import { milliseconds } from './duration.ts';
import type { ScenarioCell } from './expand.ts';
import type { Expected, ProbeGroup, Scenario } from './scenario.ts';
import { planFaults, type PlannedFault } from './schedule.ts';
import { below, seeded } from './seed.ts';

/** 3: several faults, each with its own end. */
export const PLAN_VERSION = 3;

/**
 * What the prober adds to a promise, milliseconds: half an interval at either end, and after it the first answer's own way
 * and the neighbour's.
 */
const MARGIN = { lessMs: 60, moreMs: 150 } as const;

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
  /** At least one, in the order in which the scenario names them. */
  readonly faults: readonly PlannedFault[];
  /** Which of several on one cluster. */
  readonly repeat?: { readonly index: number; readonly of: number };
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
  /** Of the load balancer; its defaults unless told. */
  readonly settings?: Settings;
  /** With the backend `none`, and only then. */
  readonly cni?: Cni | undefined;
  readonly subnet?: string | undefined;
  /** Every fault is healed in the end, also what the scenario leaves until tear-down. */
  readonly healAll?: boolean;
}

/** @throws the planners' errors: each names the value, where, what is allowed and the nearest valid one. */
export function planRun(scenario: Scenario, options: PlanOptions): RunPlan {
  const { cell, seed } = options;
  return {
    version: PLAN_VERSION,
    scenario: scenario.name,
    why: scenario.why,
    cell,
    substrate: cell.substrate,
    seed,
    cluster: planCluster(
      {
        ...cell,
        ...scenario.topology,
        ...(options.settings && { settings: options.settings }),
        ...(options.cni && { cni: options.cni }),
        ...(cell.substrate === 'k3s' && { controllerPlace: scenario.controllerPlace }),
        ...(cell.substrate === 'k3s' && options.k3s && { k3s: options.k3s }),
      },
      { tools: options.tools, app: options.app, subnet: options.subnet ?? null },
    ),
    workload: { app: options.app, ...scenario.workload, host: DEFAULT_HOST },
    watch: scenario.watch,
    faults: planFaults(scenario, {
      cell,
      settings: options.settings ?? {},
      random: seeded(seed),
      healAll: options.healAll ?? false,
    }),
    steadyWithinMs: milliseconds(scenario.steadyWithin),
    settleWithinMs: milliseconds(scenario.settleWithin),
    expectations: scenario.expect
      .filter(({ when }) => matches(when, cell))
      .flatMap(({ checks }) => checks.map((check) => resolved(check, cell, options.settings ?? {}))),
  };
}

/** What a load balancer promises is a formula of its own settings: the scenario asks for it, the record gives it. */
function resolved(expected: Expected, { loadBalancer }: ScenarioCell, settings: Settings): Expectation {
  if (expected.check !== 'failover') return expected;
  const envelope = loadBalancers[loadBalancer].failover(settings);
  if (!envelope) return { check: 'never-recovers', probe: expected.probe };
  return {
    ...expected,
    ...envelope,
    atLeastMs: Math.max(0, envelope.atLeastMs - MARGIN.lessMs),
    atMostMs: envelope.atMostMs + MARGIN.moreMs,
  };
}

/**
 * The same plan n times over, for one cluster: every repeat has a seed of its own, so that the fault meets another phase of
 * every timer, and every fault is healed, because the next one needs the cluster whole.
 */
export function planRepeats(scenario: Scenario, options: PlanOptions, count: number): readonly RunPlan[] {
  const random = seeded(options.seed);
  return Array.from({ length: count }, (_, index) => ({
    ...planRun(scenario, { ...options, seed: below(random, 2 ** 32), healAll: true }),
    repeat: { index: index + 1, of: count },
  }));
}

function matches(when: Readonly<Record<string, string | undefined>>, cell: ScenarioCell): boolean {
  return Object.entries(when).every(([factor, value]) => cell[factor as keyof ScenarioCell] === value);
}
