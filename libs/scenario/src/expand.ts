/** The matrix of a scenario, expanded to its valid cells. */
import {
  backends,
  loadBalancers,
  type BackendName,
  type ControllerName,
  type LoadBalancerName,
  type TrafficPolicy,
} from '@faultline/cluster/plan';
import type { Substrate } from '@faultline/history';
import type { Scenario } from './scenario.ts';

export interface ScenarioCell {
  readonly substrate: Substrate;
  readonly backend: BackendName;
  readonly loadBalancer: LoadBalancerName;
  readonly controller: ControllerName;
  readonly trafficPolicy: TrafficPolicy;
}

/** What nobody needs to be told: left out of names and commands. */
const DEFAULTS: Partial<ScenarioCell> = { controller: 'default', trafficPolicy: 'Cluster' };

/** Every valid cell, in the order in which the scenario names the factors' values. */
export function cellsOf({ matrix, features }: Scenario): readonly ScenarioCell[] {
  const cells = matrix.substrate.flatMap((substrate) =>
    matrix.backend.flatMap((backend) =>
      matrix.loadBalancer.flatMap((loadBalancer) =>
        matrix.controller.flatMap((controller) =>
          matrix.trafficPolicy.map((trafficPolicy) => ({
            substrate,
            backend,
            loadBalancer,
            controller,
            trafficPolicy,
          })),
        ),
      ),
    ),
  );
  return unique(cells.map(withoutKubernetes).filter((cell) => isValid(cell, features)));
}

function isValid({ substrate, backend, loadBalancer }: ScenarioCell, wanted: readonly string[]): boolean {
  const { substrates, features } = loadBalancers[loadBalancer];
  if (!backends[backend].substrates.includes(substrate) || !substrates.includes(substrate)) return false;
  return wanted.every((feature) => features.includes(feature));
}

/** On bare there is no Service whose policy could be set, nor a chart that lays the controller out. */
function withoutKubernetes(cell: ScenarioCell): ScenarioCell {
  return cell.substrate === 'bare' ? { ...cell, controller: 'default', trafficPolicy: 'Cluster' } : cell;
}

function unique(cells: readonly ScenarioCell[]): readonly ScenarioCell[] {
  return [...new Map(cells.map((cell) => [cellName(cell), cell])).values()];
}

/** The factors of a cell that are worth saying, in order. */
export function spoken(cell: ScenarioCell): readonly (readonly [factor: string, value: string])[] {
  return Object.entries(cell).filter(([factor, value]) => DEFAULTS[factor as keyof ScenarioCell] !== value);
}

/** The cell's name in paths and reports: `k3s-vxlan-servicelb`. */
export const cellName = (cell: ScenarioCell): string =>
  spoken(cell)
    .map(([, value]) => value)
    .join('-');

export class NoSuchCellError extends Error {
  override readonly name = 'NoSuchCellError';
}

/**
 * The cells that have all the wanted values. A CNI of the user's own is in no scenario's matrix: it takes the place of any
 * backend on k3s.
 */
export function fittingCells(scenario: Scenario, wanted: Partial<ScenarioCell>): readonly ScenarioCell[] {
  const { backend, ...others } = wanted;
  if (backend === 'none') {
    const any = fittingCells(scenario, others).filter(({ substrate }) => substrate === 'k3s');
    return unique(any.map((cell) => ({ ...cell, backend })));
  }
  const factors = Object.entries(wanted).filter(([, value]) => value !== undefined);
  return cellsOf(scenario).filter((cell) =>
    factors.every(([factor, value]) => cell[factor as keyof ScenarioCell] === value),
  );
}

/**
 * The first cell that has all the wanted values.
 * @throws NoSuchCellError naming the cells that there are.
 */
export function chooseCell(scenario: Scenario, wanted: Partial<ScenarioCell>): ScenarioCell {
  const [found] = fittingCells(scenario, wanted);
  if (found) return found;
  const factors = Object.entries(wanted).filter(([, value]) => value !== undefined);
  const asked = factors.map(([factor, value]) => `${factor} ${value}`).join(', ');
  const cells = cellsOf(scenario).map(cellName).join(', ');
  throw new NoSuchCellError(`${scenario.name} has no cell with ${asked}. Its cells: ${cells}`);
}
