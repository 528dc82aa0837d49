/** Every scenario that is there can be planned in every cell, whatever the seed: nobody finds out at run time. */
import { cellName, cellsOf, planRun } from '@faultline/scenario/plan';
import { expect, test } from 'vitest';
import { needsOfFaults } from './capability.ts';
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
