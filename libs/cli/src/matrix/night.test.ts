/** The night of the scenarios that there are: what it covers is proved by counting all of it in another way. */
import { K3S_RELEASES } from '@faultline/cluster/plan';
import {
  combinations,
  FACTORS,
  MUST,
  planNight,
  shardOf,
  type Factor,
  type NightCell,
  type NightPlan,
} from '@faultline/matrix/plan';
import { cellsOf } from '@faultline/scenario/plan';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { allScenarios } from '../workspace.ts';
import { faultNeeds } from './intent.ts';

// Some thousand plans each, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const LACKING = [
  { capability: 'netem', reason: 'this kernel has none' },
  { capability: 'wireguard', reason: 'this kernel has none' },
];

/** Every valid cell, from the scenarios themselves. */
async function validCells(): Promise<readonly NightCell[]> {
  return (await allScenarios()).flatMap((scenario) =>
    cellsOf(scenario).flatMap((cell) => {
      const releases = cell.substrate === 'k3s' ? K3S_RELEASES.map(({ version }) => version) : ['none'];
      const { servers, agents } = scenario.topology;
      const fixed = { scenario: scenario.name, topology: `${servers}+${agents}`, ipFamily: 'ipv4' } as const;
      return releases.map((k3s) => ({ ...cell, ...fixed, k3s }));
    }),
  );
}

function tuplesOf(cells: readonly NightCell[], strength: number): Set<string> {
  const columns = combinations(FACTORS.length, strength).map((column) => column.map((at) => FACTORS[at] as Factor));
  return new Set(cells.flatMap((cell) => columns.map((factors) => factors.map((one) => `${one}=${cell[one]}`).join())));
}

const cellsIn = ({ rows }: Pick<NightPlan, 'rows'>): readonly NightCell[] => rows.map(({ cell }) => cell);

describe.each([2, 3])('all combinations of %i factors', (strength) => {
  let valid: readonly NightCell[] = [];
  let night: NightPlan;
  beforeAll(async () => {
    valid = await validCells();
    night = planNight(await allScenarios(), { seed: 1, strength, faultNeeds, lacking: LACKING });
  });

  test('every valid combination is in a row, and every row is a valid cell', () => {
    const wanted = tuplesOf(valid, strength);
    expect(night.cells).toBe(valid.length);
    expect(night.combinations).toBe(wanted.size);
    expect(tuplesOf(cellsIn(night), strength)).toEqual(wanted);
    const known = new Set(valid.map((cell) => JSON.stringify(FACTORS.map((factor) => cell[factor]))));
    for (const cell of cellsIn(night)) expect(known).toContain(JSON.stringify(FACTORS.map((factor) => cell[factor])));
  });

  test('there are far fewer rows than cells, and none twice', () => {
    expect(new Set(night.rows.map(({ id }) => id)).size).toBe(night.rows.length);
    expect(night.rows.length).toBeLessThan(valid.length * (strength === 2 ? 0.35 : 0.7));
  });

  test('a skip stands only for what no row that is run brings', () => {
    const run = tuplesOf(cellsIn({ rows: night.rows.filter(({ lacks }) => lacks.length === 0) }), strength);
    const skips = night.rows.filter(({ lacks }) => lacks.length > 0);
    expect(skips.length).toBeGreaterThan(0);
    for (const skip of skips) {
      const brings = [...tuplesOf([skip.cell], strength)].filter((tuple) => !run.has(tuple));
      expect(brings.length, skip.id).toBeGreaterThan(0);
    }
  });

  test('every row that is run is in one group of one shard', () => {
    const wanted = night.rows.filter(({ lacks }) => lacks.length === 0).map(({ id }) => id);
    const shards = [1, 2, 3].flatMap((index) => shardOf(night, { index, of: 3 }));
    expect(shards.flatMap(({ rows }) => rows).toSorted()).toEqual(wanted.toSorted());
  });

  test('every row that must be is there, on a cell that can be run', () => {
    const musts = night.rows.filter(({ must }) => must !== null);
    expect(new Set(musts.map(({ must }) => must))).toEqual(new Set(MUST.map(({ why }) => why)));
    expect(musts).toHaveLength(MUST.length);
    expect(musts.filter(({ lacks }) => lacks.length > 0)).toEqual([]);
  });
});
