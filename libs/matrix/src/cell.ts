/** The factors of the night, and one point of them. What their values are is derived from what exists: see model.ts. */
import type { BackendName, ControllerName, LoadBalancerName, TrafficPolicy } from '@faultline/cluster/plan';
import type { Substrate } from '@faultline/history';
import { cellName, type ScenarioCell } from '@faultline/scenario/plan';

/** No cluster plan has another one yet. */
export type IpFamily = 'ipv4';

/** The scenario is the factor of faults: each is one disturbance, or several that belong together. */
export interface NightCell {
  readonly scenario: string;
  readonly substrate: Substrate;
  /** e.g. `v1.33.3+k3s1`; `none` on bare. */
  readonly k3s: string;
  /** Servers and agents, e.g. `1+2`. */
  readonly topology: string;
  readonly backend: BackendName;
  readonly loadBalancer: LoadBalancerName;
  readonly controller: ControllerName;
  readonly trafficPolicy: TrafficPolicy;
  readonly ipFamily: IpFamily;
}

export type Factor = keyof NightCell;

export const FACTORS: readonly Factor[] = [
  'scenario',
  'substrate',
  'k3s',
  'topology',
  'backend',
  'loadBalancer',
  'controller',
  'trafficPolicy',
  'ipFamily',
];

/** What a scenario's planner needs of it. */
export const scenarioCellOf = ({
  substrate,
  backend,
  loadBalancer,
  controller,
  trafficPolicy,
}: NightCell): ScenarioCell => ({ substrate, backend, loadBalancer, controller, trafficPolicy });

/** The same every night for the same scenario and cell, and fit for a path: `block-vxlan/k3s-v1.33.3+k3s1-vxlan-servicelb`. */
export function rowId(cell: NightCell): string {
  const name = cellName(scenarioCellOf(cell));
  const place = cell.substrate === 'bare' ? name : name.replace(/^k3s/, `k3s-${cell.k3s}`);
  return `${cell.scenario}/${place}`;
}
