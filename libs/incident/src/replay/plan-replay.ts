/** A bundle becomes a plan, as a scenario of a file does: with the same words, bounds and refusals. Pure. */
import { chooseCell, planRun, type RunPlan, type Scenario, type ScenarioCell } from '@faultline/scenario/plan';
import type { Bundle } from '../bundle/bundle.ts';
import { scenarioOf } from '../bundle/files.ts';
import type { Disturbance } from '../collect/collect.ts';

export interface ReplayOptions {
  /** Our images, by their full names. */
  readonly tools: string;
  readonly app: string;
  readonly seed: number;
  readonly subnet?: string | undefined;
}

/** The one cell of a bundle. @throws NoSuchCellError where its scenario cannot be asked of its cluster. */
export const cellOf = (bundle: Bundle): ScenarioCell => chooseCell(scenarioOf(bundle.scenario), {});

/** @throws the planners' errors: each names the value, where, what is allowed and the nearest valid one. */
export function planReplay(bundle: Bundle, { seed, tools, app, subnet }: ReplayOptions): RunPlan {
  const { k3s, settings } = bundle.about;
  const cell = cellOf(bundle);
  return planRun(scenarioOf(bundle.scenario), { cell, seed, tools, app, settings, subnet, k3s: k3s?.taken });
}

/** What a scenario of a file does to its cluster. */
export function disturbanceOf(scenario: Scenario): Disturbance {
  const { topology: _topology, matrix: _matrix, why: _why, ...disturbance } = scenario;
  return disturbance;
}

/** The bundle with something else done to its cluster: what was seen of the other is no longer to be seen again. */
export function disturbed(bundle: Bundle, { name, ...disturbance }: Disturbance): Bundle {
  const scenario = {
    ...bundle.scenario,
    ...disturbance,
    name: `captured-${name}`,
    why: `A captured cluster, and what ${name} does to it.`,
  };
  return { ...bundle, scenario, about: { ...bundle.about, ran: null, seed: null } };
}
