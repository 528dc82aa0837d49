/** Every scenario that is there can be planned in every cell, whatever the seed: nobody finds out at run time. */
import { cellName, cellsOf, planRun } from '@faultline/scenario/plan';
import { FAULT_KINDS } from '@faultline/fault/plan';
import { expect, test } from 'vitest';
import { alwaysLacking, needsOfFaults } from './capability.ts';
import { listScenarios } from './workspace.ts';

const listed = await listScenarios();

test.for(listed.map(({ topic, scenario }) => [`${topic}/${scenario.name}`, scenario] as const))(
  '%s is planned in each of its cells',
  ([, scenario]) => {
    const cells = cellsOf(scenario);
    expect(cells.length).toBeGreaterThan(0);
    for (const cell of cells) {
      const plans = [1, 2 ** 32 - 1].map((seed) =>
        planRun(scenario, { cell, seed, app: 'faultline/userlist:1', tools: 'faultline/tools:1' }),
      );
      for (const { expectations, faults } of plans) {
        expect(expectations.length, `checks in ${cellName(cell)}`).toBeGreaterThan(0);
        expect(() => needsOfFaults(faults)).not.toThrow();
      }
    }
  },
);

test('no two scenarios have one name', () => {
  const names = listed.map(({ scenario }) => scenario.name);
  expect(new Set(names).size).toBe(names.length);
});

const faultsOf = listed.flatMap(({ scenario }) => scenario.faults);

test('every fault of the catalogue is in a scenario, but the one that no host can have', () => {
  const used = new Set(faultsOf.map(({ kind }) => kind));
  const unused = FAULT_KINDS.filter(({ name }) => !used.has(name));
  expect(unused.map(({ name }) => name)).toEqual(['disk-full']);
  expect(unused.every(({ capability }) => alwaysLacking(capability ?? '') !== undefined)).toBe(true);
});

test('every port that a cluster lives by is blocked, or squatted on, in a scenario', () => {
  const ports = new Set(faultsOf.map(({ parameters }) => String(parameters['port'] ?? '')));
  // 51821 is WireGuard's for IPv6, which no cluster here has.
  const wanted = ['80', '443', '6443', '8472', '10250', '51820', '7946', '2379-2380', '30000-32767'];
  expect(wanted.filter((port) => !ports.has(port))).toEqual([]);
});
