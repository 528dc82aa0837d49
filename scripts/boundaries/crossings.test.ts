import { expect, test } from 'vitest';
import { parse } from '../source/source.ts';
import type { Package } from '../source/tree.ts';
import { crossings } from './crossings.ts';

const lib = (name: string, ...dependencies: string[]): [string, Package] => [
  `libs/${name}`,
  {
    name: `@faultline/${name}`,
    exports: { '.': './src/index.ts', './plan': './src/plan.ts' },
    dependencies: Object.fromEntries(dependencies.map((dependency) => [dependency, '*'])),
  },
];

const packages = new Map<string, Package>([
  ['.', { name: 'faultline', devDependencies: { vitest: '*', zx: '*' } }],
  lib('history'),
  lib('cluster', '@faultline/history', '@faultline/report', 'execa', '@types/dockerode'),
  lib('report', '@faultline/history'),
  lib('scenario', '@faultline/report', '@faultline/cluster'),
]);

const objections = (path: string, from: string) =>
  crossings(parse(path, `import { a } from '${from}';`), packages).map(({ problem, cure }) => `${problem}, ${cure}`);

test.each([
  ['libs/cluster/src/a.ts', '@faultline/history'],
  ['libs/cluster/src/a.ts', '@faultline/history/plan'],
  ['libs/cluster/src/a.ts', 'execa'],
  ['libs/cluster/src/a.ts', 'node:fs'],
  ['libs/cluster/src/a.ts', './b.ts'],
  ['libs/cluster/src/a.test.ts', 'vitest'],
  ['scenarios/failover/a.scenario.ts', '@faultline/scenario/plan'],
  ['suites/bare/a.suite.ts', '../../scenarios/failover/a.scenario.ts'],
  ['suites/bare/a.suite.ts', 'vitest'],
  ['scripts/a.ts', '@faultline/cluster/plan'],
  ['scripts/a.ts', 'zx'],
  ['libs/workload/src/app/main.ts', './answer.ts'],
  ['libs/workload/src/app/main.ts', 'node:http'],
])('%s may import %s', (path, from) => {
  expect(objections(path, from)).toEqual([]);
});

test('types may come from @types alone', () => {
  const said = (text: string) =>
    crossings(parse('libs/cluster/src/a.ts', text), packages).map(({ problem }) => problem);
  expect(said(`import type Docker from 'dockerode';`)).toEqual([]);
  expect(said(`import Docker from 'dockerode';`)).toEqual(['dockerode is not declared']);
});

test.each([
  ['libs/history/src/a.ts', 'zod', 'zod is not declared, add it to dependencies of libs/history/package.json'],
  ['libs/cluster/src/a.ts', 'vitest', 'vitest is not declared'],
  ['libs/cluster/src/a.ts', 'fs', 'fs is not declared'],
  ['scripts/a.ts', 'execa', 'execa is not declared, add it to devDependencies of package.json'],
  ['libs/scenario/src/a.ts', '@faultline/report', 'scenario may not import report, use what it may: history,'],
  ['libs/cluster/src/a.ts', '@faultline/cluster', 'cluster imports itself by name, use a relative path'],
  [
    'libs/cluster/src/a.ts',
    '@faultline/history/src/clock.ts',
    '@faultline/history/src/clock.ts is no entry, use @faultline/history or',
  ],
  [
    'libs/cluster/src/a.ts',
    '../../history/src/clock.ts',
    'a relative import into libs/history, use @faultline/history',
  ],
  ['libs/cluster/src/a.ts', '../../../scripts/engine.ts', 'cluster may not import scripts'],
  [
    'scenarios/failover/a.scenario.ts',
    '@faultline/scenario',
    'scenarios may not import scenario, use what it may: scenario/plan',
  ],
  ['scenarios/failover/a.scenario.ts', '@faultline/fault/plan', 'scenarios may not import fault'],
  ['suites/bare/a.suite.ts', '../../scripts/engine.ts', 'suites may not import scripts'],
  ['libs/workload/src/app/main.ts', '../spec.ts', 'libs/workload/src/app/ runs in a container, alone'],
])('%s may not import %s', (path, from, said) => {
  expect(objections(path, from).join('\n')).toContain(said);
});
