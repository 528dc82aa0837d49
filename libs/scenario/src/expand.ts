/** The matrix of a scenario, expanded to its valid cells. */
import { backends, loadBalancers, type BackendName, type LoadBalancerName } from '@faultline/cluster/plan';
import type { Substrate } from '@faultline/history';
import type { Scenario } from './scenario.ts';

export interface ScenarioCell {
  readonly substrate: Substrate;
  readonly backend: BackendName;
  readonly loadBalancer: LoadBalancerName;
}

/** Every valid cell, in the order in which the scenario names the factors' values. */
export function cellsOf({ matrix }: Scenario): readonly ScenarioCell[] {
  return matrix.substrate.flatMap((substrate) => {
    const has = ({ substrates }: { substrates: readonly Substrate[] }) => substrates.includes(substrate);
    return matrix.backend
      .filter((backend) => has(backends[backend]))
      .flatMap((backend) =>
        matrix.loadBalancer
          .filter((loadBalancer) => has(loadBalancers[loadBalancer]))
          .map((loadBalancer) => ({ substrate, backend, loadBalancer })),
      );
  });
}

/** The cell's name in paths and reports: `k3s-vxlan-servicelb`. */
export const cellName = (cell: ScenarioCell): string => `${cell.substrate}-${cell.backend}-${cell.loadBalancer}`;

export class NoSuchCellError extends Error {
  override readonly name = 'NoSuchCellError';
}

/**
 * The first cell that has all the wanted values.
 * @throws NoSuchCellError naming the cells that there are.
 */
export function chooseCell(scenario: Scenario, wanted: Partial<ScenarioCell>): ScenarioCell {
  const cells = cellsOf(scenario);
  const factors = Object.entries(wanted).filter(([, value]) => value !== undefined);
  const found = cells.find((cell) => factors.every(([factor, value]) => cell[factor as keyof ScenarioCell] === value));
  if (found) return found;
  const asked = factors.map(([factor, value]) => `${factor} ${value}`).join(', ');
  throw new NoSuchCellError(`${scenario.name} has no cell with ${asked}. Its cells: ${cells.map(cellName).join(', ')}`);
}
