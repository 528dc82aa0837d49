import { stringify } from 'yaml';
import { expect, test } from 'vitest';
import { exampleBundle } from './example.ts';
import { bundleOf, filesOf } from './files.ts';

const changed = (name: string, text: string) => new Map([...filesOf(exampleBundle()), [name, text]]);
const about = (change: object) => changed('bundle.json', JSON.stringify({ ...exampleBundle().about, ...change }));
const object = (spec: object, kind = 'Deployment', apiVersion = 'apps/v1') =>
  changed('objects/900-x.yaml', stringify({ apiVersion, kind, metadata: { name: 'x', namespace: 'shop' }, spec }));

test('what is no bundle says what would be one', () => {
  expect(() => bundleOf(new Map())).toThrow('no bundle.json in it');
});

test('a newer version asks for a newer faultline', () => {
  expect(() => bundleOf(about({ version: 99 }))).toThrow('version 99. This faultline reads up to 1');
});

test.for([
  ['an unknown word', { surprise: 1 }, 'surprise'],
  ['an address of somebody else', { nodes: [{ ...exampleBundle().about.nodes[0], address: '10.0.0.1' }] }, 'address'],
  ['a release that is no release', { k3s: { seen: null, taken: '../../etc' } }, 'taken'],
  ['what a terminal would obey', { notes: ['\u001b[2J'] }, 'control characters'],
  ['a seed that is no seed', { seed: -1 }, 'seed'],
] as const)('%s in bundle.json is refused by its place', ([, change, place]) => {
  expect(() => bundleOf(about(change))).toThrow(place);
});

test('a scenario is checked as one of a file is, also where it has no fault', () => {
  const { scenario } = exampleBundle();
  const wrong = (change: object) => changed('scenario.json', JSON.stringify({ ...scenario, ...change }));
  expect(() => bundleOf(wrong({ topology: { servers: 99, agents: 0 } }))).toThrow('servers');
  expect(() => bundleOf(wrong({ faults: [{ kind: 'node-kill' }] }))).toThrow('scenario.json');
  expect(() => bundleOf(wrong({ run: 'rm -rf /' }))).toThrow('run');
  expect(() => bundleOf(wrong({ faults: undefined }))).toThrow('scenario.json');
});

test.for([
  ['a Pod', object({ containers: [] }, 'Pod', 'v1')],
  ['an image', object({ template: { spec: { containers: [{ name: 'x', image: 'evil:1' }] } } })],
  ['what is privileged', object({ template: { spec: { containers: [{ securityContext: { privileged: true } }] } } })],
  ['a path of the host', object({ template: { spec: { volumes: [{ hostPath: { path: '/' } }] } } })],
  ['a command', object({ template: { spec: { containers: [{ command: ['sh'] }] } } })],
  ['a Role', object({ rules: [] }, 'ClusterRole', 'rbac.authorization.k8s.io/v1')],
  [
    'values that bring objects',
    object({ valuesContent: 'extraObjects: [{kind: Pod}]' }, 'HelmChartConfig', 'helm.cattle.io/v1'),
  ],
] as const)('an object that no capture would have kept is refused: %s', ([, files]) => {
  expect(() => bundleOf(files)).toThrow('Allowed: what faultline capture keeps');
});

test('an object whose name is none is refused', () => {
  const text = stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name: '\u001b[2J', namespace: 'shop' } });
  expect(() => bundleOf(changed('objects/900-x.yaml', text))).toThrow(
    /Service shop\/\?\[2J: it has no name that can be kept/,
  );
});

test('an alias that unfolds without end is refused, and does not fill the memory', () => {
  const levels = Array.from(
    { length: 20 },
    (_, at) => `a${at + 1}: &a${at + 1} [${Array(9).fill(`*a${at}`).join(', ')}]`,
  );
  const bomb = `a0: &a0 [x]\n${levels.join('\n')}\n`;
  expect(() => bundleOf(changed('objects/900-x.yaml', bomb))).toThrow(/alias/i);
});
