/** `faultline list [name]`: the scenarios by topic; of one topic or scenario, also their cells. */
import { cellName, cellsOf, type Scenario } from '@faultline/scenario/plan';
import { oneOf } from '../allowed.ts';
import { twoColumns } from '../columns.ts';
import { listScenarios, type Listed } from '../workspace.ts';

export async function execute([name]: readonly string[], options: { json?: unknown }): Promise<number> {
  const all = await listScenarios();
  const listed = name === undefined ? all : named(all, name);
  if (options.json) {
    console.log(JSON.stringify(listed.map(asJson), null, 2));
    return 0;
  }
  const width = Math.max(...listed.map(({ scenario }) => scenario.name.length));
  for (const [topic, group = []] of Object.entries(Object.groupBy(listed, (one) => one.topic))) {
    console.log(topic);
    for (const { scenario } of group) {
      console.log(twoColumns(scenario.name, scenario.why, { width }));
      if (name !== undefined) console.log(detailsOf(scenario));
    }
    console.log('');
  }
  const count = listed.length === 1 ? '1 scenario' : `${listed.length} scenarios`;
  const more = name === undefined ? 'faultline list <scenario or topic> for the cells; ' : '';
  console.log(`${count}. Next: faultline run <scenario>; ${more}faultline faults for what can be broken`);
  return 0;
}

/** @throws UsageError naming the nearest, and all that there are. */
function named(all: readonly Listed[], name: string): readonly Listed[] {
  const names = all.flatMap(({ topic, scenario }) => [topic, scenario.name]);
  const known = oneOf('scenario or topic', name, [...new Set(names)]);
  return all.filter(({ topic, scenario }) => topic === known || scenario.name === known);
}

const asJson = ({ topic, scenario }: Listed): object => ({
  name: scenario.name,
  topic,
  why: scenario.why,
  faults: scenario.faults,
  cells: cellsOf(scenario),
});

function detailsOf(scenario: Scenario): string {
  const faults = scenario.faults.map(({ kind, parameters, target, after, lasting }) => {
    const words = Object.entries(parameters).map(([key, value]) => `${key}=${String(value)}`);
    return [kind, ...words, `on ${target.select}, after ${after}, for ${lasting}`].join(' ');
  });
  const rows = [
    ...faults.map((fault) => ['fault', fault]),
    ...cellsOf(scenario).map((cell) => ['cell', cellName(cell)]),
  ];
  return rows.map(([what = '', text = '']) => twoColumns(what, text, { width: 5, indent: 4 })).join('\n');
}
