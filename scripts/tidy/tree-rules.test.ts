import { expect, test } from 'vitest';
import { table } from '../boundaries/edges.ts';
import type { Tree } from '../source/tree.ts';
import { decisions, generated, map, readmes, references, sizes, treeRules } from './tree-rules.ts';

/** A tidy repository of one lib, with a difference. */
function tree(difference: Record<string, string | undefined> = {}): Tree {
  const texts = {
    'docs/whats-here.md': `libs/fault\n\n${table()}\n`,
    'docs/decisions/0001-tools.md': 'execa, and vitest',
    'libs/fault/README.md': '# fault',
    'libs/fault/tsconfig.json': '{ "references": [{ "path": "../history" }] }',
    ...difference,
  };
  return {
    files: [{ path: 'README.md', bytes: 500 }],
    sources: [],
    texts: new Map(
      Object.entries(texts).flatMap(([path, text]) => (text === undefined ? [] : [[path, text] as const])),
    ),
    packages: new Map([
      ['.', { name: 'faultline', devDependencies: { vitest: '*' } }],
      ['libs/fault', { name: '@faultline/fault', dependencies: { '@faultline/history': '*', execa: '*' } }],
    ]),
  };
}

test('a tidy repository breaks no rule', () => {
  expect(treeRules.flatMap((rule) => rule(tree()))).toEqual([]);
});

test('a lib without a page is named', () => {
  expect(readmes(tree({ 'libs/fault/README.md': undefined }))).toMatchObject([{ file: 'libs/fault/package.json' }]);
});

test('a lib that the map does not show is named', () => {
  expect(map(tree({ 'docs/whats-here.md': table().replaceAll('libs/fault', '') }))[0]?.problem).toBe(
    'libs/fault is not named',
  );
});

test('a map with an old table is refused', () => {
  const old = table().replace('| `history` |', '| `history`, `report` |');
  expect(map(tree({ 'docs/whats-here.md': `libs/fault ${old}` }))[0]?.problem).toContain('not the one that is checked');
});

test('a table may be padded', () => {
  const padded = table().replaceAll(' | ', '    | ').replaceAll('---', '---------');
  expect(map(tree({ 'docs/whats-here.md': `libs/fault ${padded}` }))).toEqual([]);
});

test('without a map there is one error, not one for each lib', () => {
  expect(map(tree({ 'docs/whats-here.md': undefined }))).toHaveLength(1);
});

test('references say what is missing and what is too much', () => {
  const [found] = references(tree({ 'libs/fault/tsconfig.json': '{ "references": [{ "path": "../report" }] }' }));
  expect(found?.problem).toBe('"references" lacks ../history, has ../report');
});

test('a dependency without a decision is named, and where it is', () => {
  const found = decisions(tree({ 'docs/decisions/0001-tools.md': 'vitest' }));
  expect(found).toMatchObject([{ file: 'libs/fault/package.json', problem: 'nobody decided on execa' }]);
});

test('a big file does not get in', () => {
  const found = sizes({ ...tree(), files: [{ path: 'images.tar', bytes: 1_000_001 }] });
  expect(found[0]?.problem).toBe('1000 kB in the repository');
});

test('declarations beside their sources are generated', () => {
  expect(generated({ ...tree(), files: [{ path: 'libs/fault/src/drop.d.ts', bytes: 1 }] })).toHaveLength(1);
  expect(generated({ ...tree(), files: [{ path: 'libs/fault/src/kind.ts', bytes: 1 }] })).toEqual([]);
});
