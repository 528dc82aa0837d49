import { expect, test } from 'vitest';
import { parse } from '../source/source.ts';
import { impurities } from './purity.ts';

const packages = new Map([['libs/history', { name: '@faultline/history', exports: { '.': './src/index.ts' } }]]);

const said = (files: Record<string, string>): string[] =>
  impurities({ packages, sources: Object.entries(files).map(([path, text]) => parse(path, text)) }).map(
    ({ file, problem, cure }) => `${file}: ${problem}, ${cure}`,
  );

test('a plan that reaches no effect is pure', () => {
  expect(
    said({ 'libs/fault/src/plan.ts': `export * from './drop.ts';`, 'libs/fault/src/drop.ts': `import 'node:crypto';` }),
  ).toEqual([]);
});

test('an effect is found however far away, and the way to it is told', () => {
  const files = {
    'libs/fault/src/plan.ts': `export * from './drop.ts';`,
    'libs/fault/src/drop.ts': `import { now } from '@faultline/history';`,
    'libs/history/src/index.ts': `export * from './file.ts';`,
    'libs/history/src/file.ts': `import { open } from 'node:fs/promises';`,
  };
  expect(said(files)).toEqual([
    'libs/history/src/file.ts: a plan reaches node:fs/promises, use it outside of what a plan reaches ' +
      '(libs/fault/src/plan.ts > libs/fault/src/drop.ts > libs/history/src/index.ts > libs/history/src/file.ts)',
  ]);
});

test.each(['Date.now()', 'Math.random()', 'new Date()', `await import('execa')`])('%s is no plan', (text) => {
  expect(said({ 'libs/fault/src/plan.ts': text })).toHaveLength(1);
});

test.each([`import type { Engine } from 'dockerode'`, 'new Date(0)'])('%s changes nothing', (text) => {
  expect(said({ 'libs/fault/src/plan.ts': text })).toEqual([]);
});

test('what no plan reaches may do what it likes', () => {
  expect(said({ 'libs/fault/src/index.ts': `import 'execa'; Date.now();` })).toEqual([]);
});

test('files that import each other are walked once', () => {
  const files = {
    'libs/fault/src/plan.ts': `import './a.ts';`,
    'libs/fault/src/a.ts': `import './plan.ts'; Math.random();`,
  };
  expect(said(files)).toHaveLength(1);
});
