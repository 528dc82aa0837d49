/**
 * Every valid cell of the night. Nothing is declared twice: a scenario says where it can be asked, a backend and a load
 * balancer on which substrates they exist, the catalogue which releases there are.
 */
import { backends, controllers, K3S_RELEASES, loadBalancers, needsOf } from '@faultline/cluster/plan';
import { cellsOf, planRun, type Scenario, type ScenarioCell } from '@faultline/scenario/plan';
import { FACTORS, rowId, type Factor, type NightCell } from './cell.ts';

/** What a cell lacks, and how that is known. */
export interface Lack {
  /** e.g. `wireguard`, `netem`, `disk.quota`. */
  readonly capability: string;
  readonly reason: string;
}

/** A valid cell. It has lacks where this host, or every host, cannot be asked for it: such a row is a skip. */
export interface Candidate {
  readonly id: string;
  readonly cell: NightCell;
  readonly scenario: Scenario;
  /** Capabilities of the host that it needs, by probeHost's names. */
  readonly needs: readonly string[];
  readonly lacks: readonly Lack[];
}

export interface Model {
  readonly candidates: readonly Candidate[];
  /** The values that take part. */
  readonly values: Readonly<Record<Factor, readonly string[]>>;
  /** The values that exist, or are asked for elsewhere, and that no cell has. */
  readonly untested: readonly { readonly factor: Factor; readonly value: string; readonly reason: string }[];
}

export interface ModelOptions {
  /** e.g. `v1.33.3+k3s1`; all of the catalogue unless told. */
  readonly releases?: readonly string[];
  readonly substrates?: readonly string[];
  /** What the faults of a scenario need in such a cell: features of the host, and what nobody has. */
  readonly faultNeeds: (scenario: Scenario, cell: ScenarioCell) => Pick<Candidate, 'needs' | 'lacks'>;
  /** What this host lacks. None unless told: then each row finds out when its turn comes. */
  readonly lacking?: readonly Lack[];
}

export function modelOf(scenarios: readonly Scenario[], options: ModelOptions): Model {
  const candidates = scenarios.flatMap((scenario) => candidatesOf(scenario, options));
  const entries = FACTORS.map((factor) => [factor, [...new Set(candidates.map(({ cell }) => cell[factor]))]] as const);
  const values = Object.fromEntries(entries) as unknown as Model['values'];
  return { candidates, values, untested: untestedOf(values) };
}

function candidatesOf(scenario: Scenario, options: ModelOptions): readonly Candidate[] {
  const { releases = K3S_RELEASES.map(({ version }) => version), substrates = ['k3s', 'bare'] } = options;
  const { servers, agents } = scenario.topology;
  return cellsOf(scenario)
    .filter((cell) => substrates.includes(cell.substrate) && isPlannable(scenario, cell))
    .flatMap((cell) =>
      (cell.substrate === 'k3s' ? releases : ['none']).map((k3s) =>
        candidate(
          scenario,
          { scenario: scenario.name, ...cell, k3s, topology: `${servers}+${agents}`, ipFamily: 'ipv4' },
          options,
        ),
      ),
    );
}

function candidate(scenario: Scenario, cell: NightCell, { faultNeeds, lacking = [] }: ModelOptions): Candidate {
  const ofFaults = faultNeeds(scenario, cell);
  const needs = [...new Set([...needsOf(cell), ...ofFaults.needs])];
  const missing = lacking.filter(({ capability }) => needs.includes(capability));
  return { id: rowId(cell), cell, scenario, needs, lacks: [...ofFaults.lacks, ...missing] };
}

/** The planner knows what else cannot be, e.g. a layout that needs more nodes than the scenario has. */
function isPlannable(scenario: Scenario, cell: ScenarioCell): boolean {
  try {
    planRun(scenario, { cell, seed: 0, app: 'app', tools: 'tools' });
    return true;
  } catch {
    return false;
  }
}

/** What exists, or what people run, by factor. */
const KNOWN: Partial<Record<Factor, readonly string[]>> = {
  substrate: ['k3s', 'bare'],
  k3s: K3S_RELEASES.map(({ version }) => version),
  backend: Object.keys(backends),
  loadBalancer: Object.keys(loadBalancers),
  controller: Object.keys(controllers),
  trafficPolicy: ['Cluster', 'Local'],
  ipFamily: ['ipv4', 'ipv6', 'dual'],
};

const REASONS: Partial<Record<Factor, string>> = {
  backend: 'no scenario of this night names it',
  ipFamily: 'clusters are planned with IPv4 addresses alone',
};

function untestedOf(values: Model['values']): Model['untested'] {
  return FACTORS.flatMap((factor) =>
    (KNOWN[factor] ?? [])
      .filter((value) => !values[factor].includes(value))
      .map((value) => ({ factor, value, reason: REASONS[factor] ?? 'no cell of this night has it' })),
  );
}
