/** `faultline list` */
import { cellName, cellsOf } from '@faultline/scenario/plan';
import { allScenarios } from '../workspace.ts';

export async function execute(_: readonly string[], options: { json?: unknown }): Promise<number> {
  const scenarios = await allScenarios();
  if (options.json) {
    console.log(
      JSON.stringify(
        scenarios.map((scenario) => ({ name: scenario.name, why: scenario.why, cells: cellsOf(scenario) })),
        null,
        2,
      ),
    );
    return 0;
  }
  for (const scenario of scenarios) {
    console.log(`${scenario.name}\n  ${scenario.why}\n  ${cellsOf(scenario).map(cellName).join('  ')}\n`);
  }
  console.log('Next: faultline run <scenario>');
  return 0;
}
