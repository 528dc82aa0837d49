/** What is shrunk: a scenario in one cell, and the objects of a bundle that are applied besides. */
import type { Settings } from '@faultline/cluster/plan';
import {
  cellsOf,
  defineScenario,
  faultId,
  milliseconds,
  planRun,
  type FaultInput,
  type Scenario,
  type ScenarioCell,
} from '@faultline/scenario/plan';
import type { KubeObject } from '@faultline/traefik';

export interface ShrinkCase {
  readonly scenario: Scenario;
  readonly objects: readonly KubeObject[];
}

export interface Circumstances {
  readonly seed: number;
  readonly k3s?: string | undefined;
  readonly settings?: Settings;
}

/** The scenario in this cell alone, with what it expects there. */
export function inCell(scenario: Scenario, cell: ScenarioCell): Scenario {
  const { substrate, backend, loadBalancer, controller, trafficPolicy } = cell;
  const isHere = (when: Readonly<Record<string, string | undefined>>) =>
    Object.entries(when).every(([factor, value]) => cell[factor as keyof ScenarioCell] === value);
  return {
    ...scenario,
    matrix: {
      substrate: [substrate],
      backend: [backend],
      loadBalancer: [loadBalancer],
      controller: [controller],
      trafficPolicy: [trafficPolicy],
    },
    expect: [{ when: {}, checks: scenario.expect.filter(({ when }) => isHere(when)).flatMap(({ checks }) => checks) }],
  };
}

/** One line of JSON that two cases share only where they are the same: what answers are kept by. */
export const keyOf = ({ scenario, objects }: ShrinkCase): string => JSON.stringify([scenario, objects]);

/** Why it cannot be run at all; undefined where it can. Nothing is booted to find out. */
export function refusalOf({ scenario }: ShrinkCase, { seed, k3s, settings = {} }: Circumstances): string | undefined {
  try {
    const checked = defineScenario(scenario);
    const [cell] = cellsOf(checked);
    if (!cell) return 'no cell is left';
    planRun(checked, { cell, seed, k3s, settings, app: 'app', tools: 'tools' });
    return outOfRange(checked);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A target that is not there is found out when it is injected: here before. */
function outOfRange({ faults, topology }: Scenario): string | undefined {
  const nodes = { server: topology.servers, agent: topology.agents };
  for (const { target } of faults) {
    if ((target.select === 'server' || target.select === 'agent') && target.index >= nodes[target.select])
      return `there is no ${target.select}-${target.index}`;
    const missing = target.select === 'named' ? target.names.find((name) => !isNode(name, nodes)) : undefined;
    if (missing !== undefined) return `there is no ${missing}`;
  }
  return undefined;
}

function isNode(name: string, nodes: Readonly<Record<string, number>>): boolean {
  const [, role = '', index] = /^(server|agent)-(\d+)$/.exec(name) ?? [];
  return role === '' || Number(index) < (nodes[role] ?? 0);
}

/** Only these faults, by their places; what is expected of one that is gone is gone with it, and ids are those of today. */
export function withFaults(scenario: Scenario, kept: readonly number[]): Scenario {
  const ids = new Map(kept.map((place, index) => [faultId(place), faultId(index)]));
  const faults = kept.flatMap((place) => scenario.faults[place] ?? []);
  const [first] = faults;
  // Of the first one only has a phase been drawn for all.
  const moved =
    first && scenario.faults[0] ? [{ ...first, jitter: scenario.faults[0].jitter }, ...faults.slice(1)] : faults;
  const expect = scenario.expect.map(({ when, checks }) => ({
    when,
    checks: checks.flatMap((check) => {
      if (check.fault === undefined) return [check];
      const fault = ids.get(check.fault);
      return fault === undefined ? [] : [{ ...check, fault }];
    }),
  }));
  return { ...scenario, faults: moved, expect };
}

export const withFault = (scenario: Scenario, place: number, change: Partial<Required<FaultInput>>): Scenario => ({
  ...scenario,
  faults: scenario.faults.map((fault, index) => (index === place ? { ...fault, ...change } : fault)),
});

/** In a line: how big it is. */
export function sizeOf({ scenario, objects }: ShrinkCase): string {
  const { topology, faults, workload } = scenario;
  const count = (many: number, what: string) => `${many} ${what}${many === 1 ? '' : 's'}`;
  const lasting = faults.reduce((sum, { lasting: of }) => sum + milliseconds(of), 0) / 1000;
  return [
    count(topology.servers, 'server'),
    count(topology.agents, 'agent'),
    count(workload.replicas, 'replica'),
    ...(objects.length > 0 ? [count(objects.length, 'object')] : []),
    `${count(faults.length, 'fault')} (${faults.map(({ kind }) => kind).join(', ')}) of ${lasting} s`,
  ].join(', ');
}
